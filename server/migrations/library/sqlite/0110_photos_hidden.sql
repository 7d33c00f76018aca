CREATE INDEX photos_hidden ON photos (family_id, trashed_at, hidden, taken_sort, id);
