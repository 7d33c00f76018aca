-- A row to lock for writes that have to go one after the other where many writers are at work.
CREATE TABLE turns (
    name VARCHAR(64) NOT NULL PRIMARY KEY
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
