-- seq has no gaps within a family: it is allocated in the transaction that writes what it describes.
CREATE TABLE changes (
    family_id  BLOB    NOT NULL,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    subject_id BLOB    NOT NULL,
    PRIMARY KEY (family_id, seq)
);
