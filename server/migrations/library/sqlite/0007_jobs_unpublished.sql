CREATE INDEX jobs_unpublished ON jobs (state, published_until, run_at);
