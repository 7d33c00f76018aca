-- title and description are sealed.
CREATE TABLE albums (
    id             BINARY(16) NOT NULL PRIMARY KEY,
    family_id      BINARY(16) NOT NULL,
    title          BLOB       NOT NULL,
    description    BLOB       NOT NULL,
    cover_photo_id BINARY(16),
    created_at     BIGINT     NOT NULL,
    updated_at     BIGINT     NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
