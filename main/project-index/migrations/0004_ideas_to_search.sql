-- What a search of ideas looks through, in small letters. SQLite's `lower` knows ASCII only, which
-- does for what is there; from now on the workbench writes it, for every script.
ALTER TABLE ideas ADD COLUMN searched TEXT NOT NULL DEFAULT '';
UPDATE ideas SET searched = lower(name || ' ' || id || ' ' || coalesce(document ->> '$.description', ''));
