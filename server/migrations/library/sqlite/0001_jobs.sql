-- The outbox: written in the transaction that causes the work. At most one waiting job per dedup_key; the key is
-- cleared when the job is taken, so that work asked for meanwhile is not lost.
CREATE TABLE jobs (
    id           BLOB    NOT NULL PRIMARY KEY,
    kind         TEXT    NOT NULL,
    payload      TEXT    NOT NULL,
    dedup_key    TEXT    UNIQUE,
    state        TEXT    NOT NULL DEFAULT 'waiting',
    run_at       INTEGER NOT NULL,
    leased_until INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    last_error   TEXT,
    created_at   INTEGER NOT NULL
);
