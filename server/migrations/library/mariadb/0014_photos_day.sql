-- Covers the choice of photos for on-this-day.
CREATE INDEX photos_day ON photos (family_id, trashed_at, taken_day, state, taken_month, taken_sort, id);
