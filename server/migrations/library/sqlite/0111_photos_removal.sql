CREATE INDEX photos_removal ON photos (family_id, trashed_at, removal_proposed, taken_sort, id);
