-- What access tokens still in circulation claim wrongly. kind: session or membership. role: the one that counts
-- now, absent when there is none. Rows outlive the tokens and are then removed.
CREATE TABLE revocations (
    kind       TEXT    NOT NULL,
    subject_id BLOB    NOT NULL,
    family_id  BLOB    NOT NULL,
    role       TEXT,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, subject_id, family_id)
);
