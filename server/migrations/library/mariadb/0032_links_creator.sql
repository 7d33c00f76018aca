CREATE INDEX links_creator ON links (created_by, id);
