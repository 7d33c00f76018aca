CREATE INDEX jobs_due ON jobs (state, run_at);
