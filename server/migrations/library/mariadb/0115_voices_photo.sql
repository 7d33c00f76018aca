CREATE INDEX voices_photo ON voices (photo_id);
