-- position: ascending, with gaps, so that an append or a move writes one row.
CREATE TABLE album_photos (
    album_id BINARY(16) NOT NULL,
    photo_id BINARY(16) NOT NULL,
    position BIGINT     NOT NULL,
    added_at BIGINT     NOT NULL,
    PRIMARY KEY (album_id, photo_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
