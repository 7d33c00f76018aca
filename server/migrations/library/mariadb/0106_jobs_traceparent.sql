-- The trace of whatever asked for the work, as W3C Trace Context writes it; its run continues that trace.
ALTER TABLE jobs ADD COLUMN traceparent VARCHAR(55);
