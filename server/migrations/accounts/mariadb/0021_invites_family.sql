CREATE INDEX invites_family ON invites (family_id);
