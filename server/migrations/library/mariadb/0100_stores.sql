-- Which directory is which store: the marker found at first use. A mount point without it is never written to.
CREATE TABLE stores (
    name       VARCHAR(64) NOT NULL PRIMARY KEY,
    marker     BINARY(16)  NOT NULL,
    created_at BIGINT      NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
