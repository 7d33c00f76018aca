CREATE INDEX frames_family ON frames (family_id, id);
