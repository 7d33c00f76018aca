-- The newest picture of each frame's screen, sealed. Apart from `frames`, whose rows are written once a minute.
CREATE TABLE frame_pictures (
    frame_id   BLOB NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    picture    BLOB NOT NULL
);
