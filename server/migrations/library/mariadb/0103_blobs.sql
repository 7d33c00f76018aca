-- Originals by their digest within a family.
CREATE TABLE blobs (
    family_id  BINARY(16) NOT NULL,
    sha256     BINARY(32) NOT NULL,
    bytes      BIGINT     NOT NULL,
    created_at BIGINT     NOT NULL,
    PRIMARY KEY (family_id, sha256)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
