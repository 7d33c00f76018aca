-- token_hash: SHA-256 of the token in the address, which is not stored. password_hash: Argon2id.
CREATE TABLE links (
    id            BLOB    NOT NULL PRIMARY KEY,
    album_id      BLOB    NOT NULL,
    family_id     BLOB    NOT NULL,
    token_hash    BLOB    NOT NULL UNIQUE,
    password_hash TEXT,
    expires_at    INTEGER,
    created_by    BLOB    NOT NULL,
    created_at    INTEGER NOT NULL
);
