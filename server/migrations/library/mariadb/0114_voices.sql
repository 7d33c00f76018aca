-- sound is sealed.
CREATE TABLE voices (
    comment_id BINARY(16) NOT NULL PRIMARY KEY,
    photo_id   BINARY(16) NOT NULL,
    sound      MEDIUMBLOB NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
