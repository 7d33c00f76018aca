-- A row to lock for writes that have to go one after the other where many writers are at work.
CREATE TABLE turns (
    name TEXT NOT NULL PRIMARY KEY
);
