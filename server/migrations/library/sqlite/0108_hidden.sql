-- In no slideshow; the children see it as ever.
ALTER TABLE photos ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
