CREATE INDEX album_photos_position ON album_photos (album_id, position, photo_id);
