CREATE TABLE frame_commands (
    id         BLOB    NOT NULL PRIMARY KEY,
    frame_id   BLOB    NOT NULL,
    action     BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
