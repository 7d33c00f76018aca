CREATE INDEX comments_photo ON comments (photo_id, id);
