-- text is sealed.
CREATE TABLE comments (
    id          BLOB    NOT NULL PRIMARY KEY,
    photo_id    BLOB    NOT NULL,
    family_id   BLOB    NOT NULL,
    author_kind TEXT    NOT NULL,
    author_id   BLOB    NOT NULL,
    text        BLOB    NOT NULL,
    created_at  INTEGER NOT NULL
);
