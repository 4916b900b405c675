-- What lists show of an idea, a narrow line each: a list that is filtered and sorted must read
-- neither documents nor summaries. `idea_lines_now` says what a line is; the triggers below write
-- a line anew with whatever it is made of, so that no repository can forget to.
CREATE VIEW idea_lines_now AS
  SELECT ideas.id AS idea, ideas.archived IS NULL AS shown, ideas.name,
    -- Names are at most this long; what follows in a search text is no part of the order.
    substr(ideas.searched, 1, 120) AS name_order,
    ideas.searched,
    substr(coalesce(ideas.document ->> '$.description', ''), 1, 240) AS description,
    coalesce(ideas.document -> '$.tags', '[]') AS tags,
    coalesce(ideas.document ->> '$.universe.data', '') AS data,
    coalesce(ideas.document ->> '$.target.kind', '') AS target,
    coalesce(ideas.document ->> '$.target.horizon', 0) AS horizon,
    coalesce(ideas.document ->> '$.backtest.strategy', '') AS strategy,
    ideas.updated, ideas.archived,
    coalesce(last.started, ideas.updated) AS activity,
    last.id AS last_run, last.state AS last_state, last.started AS last_started,
    last.seconds AS last_seconds,
    judged.run AS judged_run, judged.key AS judgement,
    judge.summary ->> '$.verdict' AS verdict,
    CASE judge.summary ->> '$.verdict'
      WHEN 'deploy' THEN 3 WHEN 'watch' THEN 2 WHEN 'reject' THEN 1 END AS verdict_order,
    train.summary ->> '$.rank_ic' AS rank_ic,
    backtest.summary ->> '$.sharpe_net' AS sharpe_net
  FROM ideas
  LEFT JOIN runs AS last ON last.id = (
    SELECT id FROM runs WHERE idea = ideas.id ORDER BY started DESC, id DESC LIMIT 1)
  -- The newest run that came to a verdict. CROSS JOIN keeps SQLite from beginning with all judge
  -- steps of the workspace.
  LEFT JOIN steps AS judged ON judged.step = 'judge' AND judged.run = (
    SELECT runs.id FROM runs
    CROSS JOIN steps ON steps.run = runs.id AND steps.step = 'judge' AND steps.state IN ('done', 'cached')
    WHERE runs.idea = ideas.id ORDER BY runs.started DESC, runs.id DESC LIMIT 1)
  LEFT JOIN artifacts AS judge ON judge.key = judged.key
  LEFT JOIN steps AS trained ON trained.run = judged.run AND trained.step = 'train'
  LEFT JOIN artifacts AS train ON train.key = trained.key
  LEFT JOIN steps AS traded ON traded.run = judged.run AND traded.step = 'backtest'
  LEFT JOIN artifacts AS backtest ON backtest.key = traded.key;

CREATE TABLE idea_lines (
  idea          TEXT PRIMARY KEY REFERENCES ideas (id) ON DELETE CASCADE,
  shown         INTEGER NOT NULL,
  name          TEXT NOT NULL,
  name_order    TEXT NOT NULL,
  searched      TEXT NOT NULL,
  description   TEXT NOT NULL,
  tags          TEXT NOT NULL,
  data          TEXT NOT NULL,
  target        TEXT NOT NULL,
  horizon       INTEGER NOT NULL,
  strategy      TEXT NOT NULL,
  updated       TEXT NOT NULL,
  archived      TEXT,
  activity      TEXT NOT NULL,
  last_run      TEXT,
  last_state    TEXT,
  last_started  TEXT,
  last_seconds  REAL,
  judged_run    TEXT,
  judgement     TEXT,
  verdict       TEXT,
  verdict_order INTEGER,
  rank_ic       REAL,
  sharpe_net    REAL
) STRICT;
-- One for each order of the list; its tie-break stands at the end.
CREATE INDEX idea_lines_by_activity ON idea_lines (shown, activity, idea);
CREATE INDEX idea_lines_by_name ON idea_lines (shown, name_order, idea);
CREATE INDEX idea_lines_by_data ON idea_lines (shown, data, idea);
CREATE INDEX idea_lines_by_verdict ON idea_lines (shown, verdict_order, idea, verdict);
CREATE INDEX idea_lines_by_rank_ic ON idea_lines (shown, rank_ic, idea);
CREATE INDEX idea_lines_by_sharpe_net ON idea_lines (shown, sharpe_net, idea);

-- `shown` stands here too, for the menu of tags counts them all.
CREATE TABLE idea_tags (
  idea  TEXT NOT NULL REFERENCES ideas (id) ON DELETE CASCADE,
  tag   TEXT NOT NULL,
  shown INTEGER NOT NULL,
  PRIMARY KEY (idea, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX idea_tags_by_tag ON idea_tags (shown, tag);

-- A judged run's net equity, thinned for a small picture. Read from the artifact's file when a list
-- first shows it: files are not SQL's to read.
CREATE TABLE equity_pictures (
  judgement TEXT PRIMARY KEY,
  equity    TEXT NOT NULL CHECK (json_valid(equity))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER idea_line_begins AFTER INSERT ON ideas BEGIN
  INSERT INTO idea_lines SELECT * FROM idea_lines_now WHERE idea = NEW.id;
  INSERT INTO idea_tags
    SELECT DISTINCT NEW.id, value, NEW.archived IS NULL FROM json_each(NEW.document, '$.tags');
END;
CREATE TRIGGER idea_line_changes AFTER UPDATE ON ideas BEGIN
  DELETE FROM idea_lines WHERE idea = NEW.id;
  INSERT INTO idea_lines SELECT * FROM idea_lines_now WHERE idea = NEW.id;
  DELETE FROM idea_tags WHERE idea = NEW.id;
  INSERT INTO idea_tags
    SELECT DISTINCT NEW.id, value, NEW.archived IS NULL FROM json_each(NEW.document, '$.tags');
END;
CREATE TRIGGER idea_line_runs AFTER INSERT ON runs BEGIN
  DELETE FROM idea_lines WHERE idea = NEW.idea;
  INSERT INTO idea_lines SELECT * FROM idea_lines_now WHERE idea = NEW.idea;
END;
CREATE TRIGGER idea_line_run_changes AFTER UPDATE ON runs BEGIN
  DELETE FROM idea_lines WHERE idea = NEW.idea;
  INSERT INTO idea_lines SELECT * FROM idea_lines_now WHERE idea = NEW.idea;
END;
CREATE TRIGGER idea_line_run_goes AFTER DELETE ON runs BEGIN
  DELETE FROM idea_lines WHERE idea = OLD.idea;
  INSERT INTO idea_lines SELECT * FROM idea_lines_now WHERE idea = OLD.idea;
END;
-- Judging is the last of what a line tells of a run; the steps before it have ended by then.
CREATE TRIGGER idea_line_is_judged AFTER UPDATE OF state, key ON steps WHEN NEW.step = 'judge' BEGIN
  DELETE FROM idea_lines WHERE idea = (SELECT idea FROM runs WHERE id = NEW.run);
  INSERT INTO idea_lines
    SELECT * FROM idea_lines_now WHERE idea = (SELECT idea FROM runs WHERE id = NEW.run);
END;

INSERT INTO idea_lines SELECT * FROM idea_lines_now;
INSERT INTO idea_tags
  SELECT DISTINCT ideas.id, tag.value, ideas.archived IS NULL
  FROM ideas, json_each(ideas.document, '$.tags') AS tag;
