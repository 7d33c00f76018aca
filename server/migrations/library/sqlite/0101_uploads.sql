-- Uploads under way, and finished ones until they expire, so that a client whose last answer was lost gets it again.
-- How much has arrived is the length of the spooled file. metadata is the client's header, sealed.
CREATE TABLE uploads (
    id            BLOB    NOT NULL PRIMARY KEY,
    family_id     BLOB    NOT NULL,
    uploader_kind TEXT    NOT NULL,
    uploader_id   BLOB    NOT NULL,
    bytes         INTEGER NOT NULL,
    metadata      BLOB    NOT NULL,
    photo_id      BLOB,
    duplicate     INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
);
