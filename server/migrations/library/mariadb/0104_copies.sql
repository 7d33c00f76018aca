-- The ledger: where bytes are. state is missing, present, corrupt or deleting.
CREATE TABLE copies (
    family_id   BINARY(16)   NOT NULL,
    sha256      BINARY(32)   NOT NULL,
    store       VARCHAR(64)  NOT NULL,
    state       VARCHAR(32)  NOT NULL,
    verified_at BIGINT       NOT NULL DEFAULT 0,
    attempts    INT UNSIGNED NOT NULL DEFAULT 0,
    last_error  TEXT,
    PRIMARY KEY (family_id, sha256, store)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
