-- Sealed JSON of all the birthdays a family has noted; absent until there are some.
ALTER TABLE families ADD COLUMN birthdays MEDIUMBLOB;
