-- A parent asked at a frame to take it away.
ALTER TABLE photos ADD COLUMN removal_proposed INTEGER NOT NULL DEFAULT 0;
