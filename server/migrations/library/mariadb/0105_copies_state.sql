CREATE INDEX copies_state ON copies (store, state, verified_at);
