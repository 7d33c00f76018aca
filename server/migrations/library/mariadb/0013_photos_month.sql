-- Covers the timeline's counts.
CREATE INDEX photos_month ON photos (family_id, trashed_at, taken_month, state);
