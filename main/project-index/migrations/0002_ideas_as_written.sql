-- `yaml` is the text that a person wrote, comments and all, where `document` came from one;
-- `archived` is when the idea was put out of sight, which takes nothing away.
ALTER TABLE ideas ADD COLUMN yaml TEXT;
ALTER TABLE ideas ADD COLUMN archived TEXT;
