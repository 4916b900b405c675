-- The nouns of the project index. Times are ISO 8601 in UTC; JSON columns hold contract types.

CREATE TABLE ideas (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  created  TEXT NOT NULL,
  updated  TEXT NOT NULL
) STRICT;

-- `document` is the idea as it stood when the run began: editing an idea never rewrites history.
CREATE TABLE runs (
  id       TEXT PRIMARY KEY,
  idea     TEXT NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  sources  TEXT CHECK (sources IS NULL OR json_valid(sources)),
  state    TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  started  TEXT NOT NULL,
  ended    TEXT,
  seconds  REAL,
  problem  TEXT CHECK (problem IS NULL OR json_valid(problem))
) STRICT;
CREATE INDEX runs_by_idea ON runs (idea, started);
CREATE INDEX runs_by_state ON runs (state);

CREATE TABLE steps (
  run      TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step     TEXT NOT NULL,
  position INTEGER NOT NULL,
  state    TEXT NOT NULL
           CHECK (state IN ('waiting', 'running', 'cached', 'done', 'failed', 'cancelled', 'skipped')),
  key      TEXT,
  started  TEXT,
  ended    TEXT,
  seconds  REAL,
  rows     INTEGER,
  problem  TEXT CHECK (problem IS NULL OR json_valid(problem)),
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_by_step ON steps (step, state, ended);

-- `path` is relative to the workspace and has forward slashes, so that a workspace can be moved.
CREATE TABLE artifacts (
  key     TEXT PRIMARY KEY,
  step    TEXT NOT NULL,
  kind    TEXT NOT NULL,
  path    TEXT NOT NULL,
  rows    INTEGER NOT NULL,
  bytes   INTEGER NOT NULL,
  summary TEXT NOT NULL CHECK (json_valid(summary)),
  created TEXT NOT NULL
) STRICT;

-- `sequence` orders the imports of a data set: the head is the one with the highest.
CREATE TABLE data_versions (
  sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
  key         TEXT NOT NULL UNIQUE,
  data_set    TEXT NOT NULL,
  version     INTEGER NOT NULL,
  request     TEXT NOT NULL,
  source_hash TEXT NOT NULL,
  base        TEXT,
  rows        INTEGER NOT NULL,
  symbols     INTEGER NOT NULL,
  first       TEXT,
  last        TEXT,
  created     TEXT NOT NULL
) STRICT;
CREATE INDEX data_versions_by_data_set ON data_versions (data_set, sequence);

CREATE TABLE models (
  name    TEXT NOT NULL,
  version TEXT NOT NULL,
  key     TEXT NOT NULL,
  idea    TEXT NOT NULL,
  run     TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('deploy', 'watch', 'reject')),
  created TEXT NOT NULL,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE deployments (
  deployment    TEXT PRIMARY KEY,
  run           TEXT NOT NULL,
  model         TEXT NOT NULL,
  version       TEXT NOT NULL,
  endpoint      TEXT,
  state         TEXT NOT NULL CHECK (state IN ('starting', 'live', 'failed', 'stopped')),
  created       TEXT NOT NULL,
  ready_seconds REAL
) STRICT, WITHOUT ROWID;

-- The ledger. It belongs to the data set: no foreign key to runs, so that deleting a run, failing
-- or cancelling it never makes the next deflated Sharpe ratio look better than it is. The same
-- configuration fitted again for the same artifact (a retry) is the same trial.
CREATE TABLE trials (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  data_set    TEXT NOT NULL,
  artifact    TEXT NOT NULL,
  number      INTEGER NOT NULL,
  params_hash TEXT NOT NULL,
  idea        TEXT NOT NULL,
  run         TEXT NOT NULL,
  engine      TEXT NOT NULL,
  params      TEXT NOT NULL CHECK (json_valid(params)),
  state       TEXT NOT NULL CHECK (state IN ('complete', 'pruned', 'failed', 'cancelled')),
  score       REAL,
  fold_scores TEXT NOT NULL CHECK (json_valid(fold_scores)),
  seconds     REAL NOT NULL,
  error       TEXT,
  created     TEXT NOT NULL,
  UNIQUE (artifact, number, params_hash)
) STRICT;
CREATE INDEX trials_by_data_set ON trials (data_set, id);

CREATE TABLE events (
  run   TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq   INTEGER NOT NULL,
  at    TEXT NOT NULL,
  event TEXT NOT NULL CHECK (json_valid(event)),
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

-- What a source file hashed to when it had this size, time and inode: large files are read once.
CREATE TABLE source_files (
  path     TEXT PRIMARY KEY,
  bytes    INTEGER NOT NULL,
  mtime_ns TEXT NOT NULL,
  inode    TEXT NOT NULL,
  sha256   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
