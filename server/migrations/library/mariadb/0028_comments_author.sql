CREATE INDEX comments_author ON comments (author_id, id);
