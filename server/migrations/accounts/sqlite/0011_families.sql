-- wrapped_key seals the family's name and its frames' names, commands and heartbeats.
CREATE TABLE families (
    id          BLOB    NOT NULL PRIMARY KEY,
    wrapped_key BLOB    NOT NULL,
    name        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL
);
