-- code_hash: SHA-256 of the code, which is not stored.
CREATE TABLE invites (
    code_hash   BINARY(32)  NOT NULL PRIMARY KEY,
    family_id   BINARY(16)  NOT NULL,
    role        VARCHAR(32) NOT NULL,
    created_by  BINARY(16)  NOT NULL,
    created_at  BIGINT      NOT NULL,
    expires_at  BIGINT      NOT NULL,
    accepted_by BINARY(16)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
