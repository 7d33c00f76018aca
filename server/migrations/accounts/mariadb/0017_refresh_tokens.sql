-- hash: SHA-256 of the token. used_at and salt are absent for the session's current token.
CREATE TABLE refresh_tokens (
    hash       BINARY(32)    NOT NULL PRIMARY KEY,
    session_id BINARY(16)    NOT NULL,
    used_at    BIGINT,
    salt       VARBINARY(32)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
