-- token_hash: SHA-256 of the token in the address, which is not stored. password_hash: Argon2id.
CREATE TABLE links (
    id            BINARY(16)   NOT NULL PRIMARY KEY,
    album_id      BINARY(16)   NOT NULL,
    family_id     BINARY(16)   NOT NULL,
    token_hash    BINARY(32)   NOT NULL UNIQUE,
    password_hash VARCHAR(255),
    expires_at    BIGINT,
    created_by    BINARY(16)   NOT NULL,
    created_at    BIGINT       NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
