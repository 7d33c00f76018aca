CREATE INDEX photos_uploader ON photos (family_id, trashed_at, uploader_id, taken_sort, id);
