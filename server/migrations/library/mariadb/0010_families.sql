-- The library's side of a family: its data key, its quota, and the counter of its change feed. A deleted family
-- stays as a row without a key, so that a late request cannot bring it back.
CREATE TABLE families (
    id          BINARY(16)     NOT NULL PRIMARY KEY,
    wrapped_key VARBINARY(255),
    quota_bytes BIGINT         NOT NULL,
    usage_bytes BIGINT         NOT NULL DEFAULT 0,
    last_seq    BIGINT         NOT NULL DEFAULT 0,
    created_at  BIGINT         NOT NULL,
    deleted_at  BIGINT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
