-- session_id is absent until the device has fetched its first token.
CREATE TABLE frames (
    id            BLOB    NOT NULL PRIMARY KEY,
    family_id     BLOB    NOT NULL,
    session_id    BLOB,
    name          BLOB    NOT NULL,
    hardware_name BLOB    NOT NULL,
    settings      TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    last_seen_at  INTEGER,
    heartbeat     BLOB
);
