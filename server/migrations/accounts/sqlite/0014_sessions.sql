-- holder_kind: member or frame. client: web, app or frame.
CREATE TABLE sessions (
    id           BLOB    NOT NULL PRIMARY KEY,
    holder_kind  TEXT    NOT NULL,
    holder_id    BLOB    NOT NULL,
    client       TEXT    NOT NULL,
    user_agent   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER
);
