CREATE TABLE hearts (
    photo_id   BLOB    NOT NULL,
    giver_id   BLOB    NOT NULL,
    giver_kind TEXT    NOT NULL,
    family_id  BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (photo_id, giver_id)
);
