CREATE INDEX photos_taken ON photos (family_id, trashed_at, taken_sort, id);
