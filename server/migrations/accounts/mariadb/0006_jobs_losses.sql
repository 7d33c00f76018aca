-- How often the process that ran the job ended before the job did.
ALTER TABLE jobs ADD COLUMN losses INT UNSIGNED NOT NULL DEFAULT 0;
