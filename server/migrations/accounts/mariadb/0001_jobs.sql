-- The outbox: written in the transaction that causes the work. At most one waiting job per dedup_key; the key is
-- cleared when the job is taken, so that work asked for meanwhile is not lost.
CREATE TABLE jobs (
    id           BINARY(16)   NOT NULL PRIMARY KEY,
    kind         VARCHAR(32)  NOT NULL,
    payload      TEXT         NOT NULL,
    dedup_key    VARCHAR(191) UNIQUE,
    state        VARCHAR(32)  NOT NULL DEFAULT 'waiting',
    run_at       BIGINT       NOT NULL,
    leased_until BIGINT       NOT NULL DEFAULT 0,
    attempts     INT UNSIGNED NOT NULL DEFAULT 0,
    last_error   TEXT,
    created_at   BIGINT       NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
