-- Uploads under way, and finished ones until they expire, so that a client whose last answer was lost gets it again.
-- How much has arrived is the length of the spooled file. metadata is the client's header, sealed.
CREATE TABLE uploads (
    id            BINARY(16)  NOT NULL PRIMARY KEY,
    family_id     BINARY(16)  NOT NULL,
    uploader_kind VARCHAR(32) NOT NULL,
    uploader_id   BINARY(16)  NOT NULL,
    bytes         BIGINT      NOT NULL,
    metadata      BLOB        NOT NULL,
    photo_id      BINARY(16),
    duplicate     BOOLEAN     NOT NULL DEFAULT 0,
    created_at    BIGINT      NOT NULL,
    expires_at    BIGINT      NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
