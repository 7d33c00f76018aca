-- The newest picture of each frame's screen, sealed. Apart from `frames`, whose rows are written once a minute.
CREATE TABLE frame_pictures (
    frame_id   BINARY(16)  NOT NULL PRIMARY KEY,
    media_type VARCHAR(64) NOT NULL,
    picture    MEDIUMBLOB  NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
