-- Covers the choice of photos for on-this-day.
CREATE INDEX photos_day ON photos (family_id, trashed_at, taken_day, taken_month, state, taken_sort, id);
