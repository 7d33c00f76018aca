-- Originals by their digest within a family.
CREATE TABLE blobs (
    family_id  BLOB    NOT NULL,
    sha256     BLOB    NOT NULL,
    bytes      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (family_id, sha256)
);
