CREATE INDEX photos_source ON photos (family_id, trashed_at, source, taken_sort, id);
