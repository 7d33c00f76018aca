-- title and description are sealed.
CREATE TABLE albums (
    id             BLOB    NOT NULL PRIMARY KEY,
    family_id      BLOB    NOT NULL,
    title          BLOB    NOT NULL,
    description    BLOB    NOT NULL,
    cover_photo_id BLOB,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
);
