-- What the sound in `voices` is; absent for a comment that was written.
ALTER TABLE comments ADD COLUMN voice_type VARCHAR(64);
