-- When the picture in `frame_pictures` was taken; absent while there is none.
ALTER TABLE frames ADD COLUMN picture_at INTEGER;
