-- sound is sealed.
CREATE TABLE voices (
    comment_id BLOB NOT NULL PRIMARY KEY,
    photo_id   BLOB NOT NULL,
    sound      BLOB NOT NULL
);
