-- Who is in the picture: a sealed list of names in JSON; absent: nobody was named.
ALTER TABLE photos ADD COLUMN people BLOB;
