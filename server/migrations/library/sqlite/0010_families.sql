-- The library's side of a family: its data key, its quota, and the counter of its change feed. A deleted family
-- stays as a row without a key, so that a late request cannot bring it back.
CREATE TABLE families (
    id          BLOB    NOT NULL PRIMARY KEY,
    wrapped_key BLOB,
    quota_bytes INTEGER NOT NULL,
    usage_bytes INTEGER NOT NULL DEFAULT 0,
    last_seq    INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    deleted_at  INTEGER
);
