CREATE INDEX photos_kind ON photos (family_id, trashed_at, kind, taken_sort, id);
