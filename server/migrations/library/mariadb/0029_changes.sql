-- seq has no gaps within a family: it is allocated in the transaction that writes what it describes.
CREATE TABLE changes (
    family_id  BINARY(16)  NOT NULL,
    seq        BIGINT      NOT NULL,
    at         BIGINT      NOT NULL,
    kind       VARCHAR(32) NOT NULL,
    subject_id BINARY(16)  NOT NULL,
    PRIMARY KEY (family_id, seq)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
