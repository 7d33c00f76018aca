-- text is sealed.
CREATE TABLE comments (
    id          BINARY(16)  NOT NULL PRIMARY KEY,
    photo_id    BINARY(16)  NOT NULL,
    family_id   BINARY(16)  NOT NULL,
    author_kind VARCHAR(32) NOT NULL,
    author_id   BINARY(16)  NOT NULL,
    text        BLOB        NOT NULL,
    created_at  BIGINT      NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
