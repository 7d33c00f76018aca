CREATE INDEX sessions_holder ON sessions (holder_id, id);
