CREATE INDEX hearts_giver ON hearts (giver_id, photo_id);
