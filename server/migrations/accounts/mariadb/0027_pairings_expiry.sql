CREATE INDEX pairings_expiry ON pairings (expires_at);
