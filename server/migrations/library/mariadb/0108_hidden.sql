-- In no slideshow; the children see it as ever.
ALTER TABLE photos ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT 0;
