-- hash: SHA-256 of the token. used_at and salt are absent for the session's current token.
CREATE TABLE refresh_tokens (
    hash       BLOB    NOT NULL PRIMARY KEY,
    session_id BLOB    NOT NULL,
    used_at    INTEGER,
    salt       BLOB
);
