CREATE INDEX photos_hearted ON photos (family_id, trashed_at, hearted, taken_sort, id);
