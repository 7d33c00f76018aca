-- How often the process that ran the job ended before the job did.
ALTER TABLE jobs ADD COLUMN losses INTEGER NOT NULL DEFAULT 0;
