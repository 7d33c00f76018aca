CREATE INDEX albums_family ON albums (family_id, id);
