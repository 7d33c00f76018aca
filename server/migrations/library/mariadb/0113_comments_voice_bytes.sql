ALTER TABLE comments ADD COLUMN voice_bytes BIGINT;
