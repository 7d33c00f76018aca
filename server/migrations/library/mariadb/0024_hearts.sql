CREATE TABLE hearts (
    photo_id   BINARY(16)  NOT NULL,
    giver_id   BINARY(16)  NOT NULL,
    giver_kind VARCHAR(32) NOT NULL,
    family_id  BINARY(16)  NOT NULL,
    created_at BIGINT      NOT NULL,
    PRIMARY KEY (photo_id, giver_id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
