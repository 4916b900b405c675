-- What each data set ever held, told by its extent and by the files that it was made of, so that the
-- same bars under another name begin with the trials that were made on them. It belongs to the
-- ledger: a line stays when the version, or the whole data set, is gone.
CREATE TABLE data_contents (
  content  TEXT NOT NULL,
  data_set TEXT NOT NULL,
  PRIMARY KEY (content, data_set)
) STRICT, WITHOUT ROWID;
CREATE INDEX data_contents_by_data_set ON data_contents (data_set, content);

-- As many bars of as many symbols from the same first to the same last day are taken for the same
-- bars, whatever file they came from and in whatever order.
CREATE VIEW data_contents_now AS
  SELECT key, 'bars ' || rows || ' ' || symbols || ' ' || first || ' ' || last AS content, data_set
  FROM data_versions WHERE rows > 0 AND first IS NOT NULL AND last IS NOT NULL
  UNION ALL
  SELECT key, 'sources ' || source_hash, data_set FROM data_versions WHERE source_hash <> '';

-- `OR IGNORE` would not do: an upsert's own way with conflicts holds inside of its triggers too.
CREATE TRIGGER data_content_is_kept AFTER INSERT ON data_versions BEGIN
  INSERT INTO data_contents
    SELECT content, data_set FROM data_contents_now AS now
    WHERE key = NEW.key AND NOT EXISTS (
      SELECT 1 FROM data_contents
      WHERE content = now.content AND data_set = now.data_set);
END;
CREATE TRIGGER data_content_changes AFTER UPDATE ON data_versions BEGIN
  INSERT INTO data_contents
    SELECT content, data_set FROM data_contents_now AS now
    WHERE key = NEW.key AND NOT EXISTS (
      SELECT 1 FROM data_contents
      WHERE content = now.content AND data_set = now.data_set);
END;
INSERT OR IGNORE INTO data_contents SELECT content, data_set FROM data_contents_now;
