-- What a deployment rests on: the verdict of its run, and why it was deployed all the same where
-- that advised against it. Of earlier deployments only the verdict is known here.
ALTER TABLE deployments ADD COLUMN verdict TEXT
  CHECK (verdict IS NULL OR verdict IN ('deploy', 'watch', 'reject'));
ALTER TABLE deployments ADD COLUMN against_verdict TEXT;
UPDATE deployments SET verdict = (
  SELECT models.verdict FROM models
  WHERE models.name = deployments.model AND models.version = deployments.version);
