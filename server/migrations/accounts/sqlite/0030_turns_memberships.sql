INSERT INTO turns (name) VALUES ('memberships');
