-- How far each file was read in which an engine writes down the trials of whoever asks it.
CREATE TABLE ledger_files (
  name  TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_by_key ON steps (key);
