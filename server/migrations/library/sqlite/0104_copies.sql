-- The ledger: where bytes are. state is missing, present, corrupt or deleting.
CREATE TABLE copies (
    family_id   BLOB    NOT NULL,
    sha256      BLOB    NOT NULL,
    store       TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    verified_at INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT,
    PRIMARY KEY (family_id, sha256, store)
);
