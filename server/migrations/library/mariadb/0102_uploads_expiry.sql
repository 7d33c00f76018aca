CREATE INDEX uploads_expiry ON uploads (expires_at);
