-- code_hash: SHA-256 of the code, which is not stored.
CREATE TABLE invites (
    code_hash   BLOB    NOT NULL PRIMARY KEY,
    family_id   BLOB    NOT NULL,
    role        TEXT    NOT NULL,
    created_by  BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    accepted_by BLOB
);
