-- private (sealed under wrapped_key) is there for the one key that signs; retired keys verify until expires_at.
CREATE TABLE signing_keys (
    id          VARCHAR(32)    NOT NULL PRIMARY KEY,
    public      VARBINARY(255) NOT NULL,
    wrapped_key VARBINARY(255),
    private     VARBINARY(255),
    created_at  BIGINT         NOT NULL,
    expires_at  BIGINT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
