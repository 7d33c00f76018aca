CREATE INDEX links_album ON links (album_id, id);
