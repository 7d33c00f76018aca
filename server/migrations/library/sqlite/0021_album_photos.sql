-- position: ascending, with gaps, so that an append or a move writes one row.
CREATE TABLE album_photos (
    album_id BLOB    NOT NULL,
    photo_id BLOB    NOT NULL,
    position INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (album_id, photo_id)
);
