CREATE INDEX album_photos_photo ON album_photos (photo_id, album_id);
