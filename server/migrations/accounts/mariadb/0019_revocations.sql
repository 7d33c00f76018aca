-- What access tokens still in circulation claim wrongly. kind: session or membership. role: the one that counts
-- now, absent when there is none. Rows outlive the tokens and are then removed.
CREATE TABLE revocations (
    kind       VARCHAR(32) NOT NULL,
    subject_id BINARY(16)  NOT NULL,
    family_id  BINARY(16)  NOT NULL,
    role       VARCHAR(32),
    expires_at BIGINT      NOT NULL,
    PRIMARY KEY (kind, subject_id, family_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
