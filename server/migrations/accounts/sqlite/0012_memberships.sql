CREATE TABLE memberships (
    family_id BLOB    NOT NULL,
    member_id BLOB    NOT NULL,
    role      TEXT    NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (family_id, member_id)
);
