-- Which directory is which store: the marker found at first use. A mount point without it is never written to.
CREATE TABLE stores (
    name       TEXT    NOT NULL PRIMARY KEY,
    marker     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
);
