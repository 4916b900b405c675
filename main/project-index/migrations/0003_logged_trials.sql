-- Trials of which the tracking server was told although their run came to no registration:
-- how many of an artifact's there were then.
CREATE TABLE logged_trials (
  artifact TEXT PRIMARY KEY,
  trials INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;
