-- The project index in PostgreSQL, for who asks it with SQL. A copy: the workbench writes it from
-- the workspace's index and from nowhere else, so that what others write here is put right again.
-- Keys are in the order of their bytes, as they are in SQLite: whole ranges of them are compared.

CREATE TABLE ideas (
  id       text COLLATE "C" PRIMARY KEY,
  name     text NOT NULL,
  document jsonb NOT NULL,
  yaml     text,
  created  timestamptz,
  updated  timestamptz,
  archived timestamptz
);
CREATE INDEX ideas_by_updated ON ideas (updated);
COMMENT ON TABLE ideas IS 'Trading ideas as they stand now.';
COMMENT ON COLUMN ideas.document IS 'The whole idea: universe, target, features, model, validation, backtest, gates.';
COMMENT ON COLUMN ideas.yaml IS 'The text that a person wrote, where the document came from one.';
COMMENT ON COLUMN ideas.archived IS 'When it was put out of sight; null: it is in the list.';

CREATE TABLE runs (
  id       text COLLATE "C" PRIMARY KEY,
  idea     text COLLATE "C" NOT NULL,
  document jsonb NOT NULL,
  state    text NOT NULL,
  started  timestamptz,
  ended    timestamptz,
  seconds  double precision,
  problem  jsonb,
  verdict  text,
  rank_ic  double precision
);
CREATE INDEX runs_by_idea ON runs (idea, started);
CREATE INDEX runs_by_started ON runs (started);
COMMENT ON TABLE runs IS 'Each time an idea was tested, from bars to verdict. An idea that was removed leaves its runs.';
COMMENT ON COLUMN runs.document IS 'The idea as it stood when the run began.';
COMMENT ON COLUMN runs.state IS 'running, done, failed, cancelled or interrupted.';
COMMENT ON COLUMN runs.started IS 'When it was last begun: a run that is taken up again begins anew.';
COMMENT ON COLUMN runs.problem IS 'Why it did not come to its end: code, detail, hint, where.';
COMMENT ON COLUMN runs.verdict IS 'deploy, watch or reject; null as long as it was not judged.';
COMMENT ON COLUMN runs.rank_ic IS 'Rank information coefficient of its predictions out of sample.';

CREATE TABLE steps (
  run      text COLLATE "C" NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step     text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  state    text NOT NULL,
  key      text COLLATE "C",
  started  timestamptz,
  ended    timestamptz,
  seconds  double precision,
  rows     bigint,
  problem  jsonb,
  PRIMARY KEY (run, step)
);
CREATE INDEX steps_by_key ON steps (key);
COMMENT ON TABLE steps IS 'The steps of each run: ingest, check, features, select, train, backtest, judge, register.';
COMMENT ON COLUMN steps.position IS 'Which of the run''s steps it is, from 0.';
COMMENT ON COLUMN steps.state IS 'waiting, running, cached, done, failed, cancelled or skipped.';
COMMENT ON COLUMN steps.key IS 'Content key of the artifact that it made or found: artifacts.key.';
COMMENT ON COLUMN steps.rows IS 'Rows of bars that the run was about.';

CREATE TABLE artifacts (
  key     text COLLATE "C" PRIMARY KEY,
  step    text NOT NULL,
  kind    text NOT NULL,
  path    text NOT NULL,
  rows    bigint NOT NULL,
  bytes   bigint NOT NULL,
  summary jsonb NOT NULL,
  created timestamptz
);
CREATE INDEX artifacts_by_step ON artifacts (step, created);
COMMENT ON TABLE artifacts IS 'What steps have left, each once, whichever runs made use of it.';
COMMENT ON COLUMN artifacts.key IS 'Hash of the step, its parameters, inputs and code.';
COMMENT ON COLUMN artifacts.path IS 'Relative to the workspace, with forward slashes.';
COMMENT ON COLUMN artifacts.summary IS 'The step''s own numbers, such as sharpe_net of backtest and gates of judge.';

CREATE TABLE data_versions (
  key         text COLLATE "C" PRIMARY KEY,
  sequence    bigint NOT NULL,
  data_set    text NOT NULL,
  version     bigint NOT NULL,
  request     text NOT NULL,
  source_hash text NOT NULL,
  base        text,
  rows        bigint NOT NULL,
  symbols     bigint NOT NULL,
  first       date,
  last        date,
  created     timestamptz
);
CREATE INDEX data_versions_by_data_set ON data_versions (data_set, sequence);
COMMENT ON TABLE data_versions IS 'Each state of each data set: what one import left.';
COMMENT ON COLUMN data_versions.key IS 'Content key of the ingest that made it: steps.key, artifacts.key.';
COMMENT ON COLUMN data_versions.sequence IS 'Orders the imports: a data set stands at the highest of its own.';
COMMENT ON COLUMN data_versions.version IS 'Version of the Delta table.';
COMMENT ON COLUMN data_versions.request IS 'Hash of the import apart from what it was added to.';
COMMENT ON COLUMN data_versions.base IS 'What it was added to: the key of a version, or the hash of a commit without one.';
COMMENT ON COLUMN data_versions.first IS 'Day of its first bar.';
COMMENT ON COLUMN data_versions.last IS 'Day of its last bar.';

CREATE TABLE models (
  name    text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  key     text NOT NULL,
  idea    text COLLATE "C" NOT NULL,
  run     text COLLATE "C" NOT NULL,
  verdict text NOT NULL,
  created timestamptz,
  PRIMARY KEY (name, version)
);
CREATE INDEX models_by_run ON models (run);
COMMENT ON TABLE models IS 'Versions in the model registry, and the runs that made them, which may be gone.';
COMMENT ON COLUMN models.key IS 'Content key of its registration.';

CREATE TABLE deployments (
  deployment      text COLLATE "C" PRIMARY KEY,
  run             text COLLATE "C" NOT NULL,
  model           text COLLATE "C" NOT NULL,
  version         text COLLATE "C" NOT NULL,
  endpoint        text,
  state           text NOT NULL,
  created         timestamptz,
  ready_seconds   double precision,
  verdict         text,
  against_verdict text
);
COMMENT ON TABLE deployments IS 'What is served, or was, under each name.';
COMMENT ON COLUMN deployments.model IS 'With version: models.name, models.version.';
COMMENT ON COLUMN deployments.state IS 'starting, live, failed or stopped.';
COMMENT ON COLUMN deployments.ready_seconds IS 'How long it took until it answered.';
COMMENT ON COLUMN deployments.verdict IS 'The verdict of its run.';
COMMENT ON COLUMN deployments.against_verdict IS 'Why it was deployed although the verdict advised against it.';

CREATE TABLE trials (
  id          bigint PRIMARY KEY,
  data_set    text NOT NULL,
  artifact    text COLLATE "C" NOT NULL,
  number      bigint NOT NULL,
  params_hash text NOT NULL,
  idea        text COLLATE "C" NOT NULL,
  run         text COLLATE "C" NOT NULL,
  engine      text NOT NULL,
  params      jsonb NOT NULL,
  state       text NOT NULL,
  score       double precision,
  fold_scores jsonb NOT NULL,
  seconds     double precision NOT NULL,
  error       text,
  created     timestamptz
);
CREATE INDEX trials_by_data_set ON trials (data_set, id);
CREATE INDEX trials_by_run ON trials (run);
CREATE INDEX trials_by_artifact ON trials (artifact);
COMMENT ON TABLE trials IS 'The ledger: every configuration ever fitted on a data set. Runs may be gone, their trials never are.';
COMMENT ON COLUMN trials.id IS 'The order in which they were entered.';
COMMENT ON COLUMN trials.artifact IS 'Content key of the train step that fitted it: steps.key.';
COMMENT ON COLUMN trials.number IS 'Which of that step''s trials it is.';
COMMENT ON COLUMN trials.state IS 'complete, pruned, failed or cancelled.';
COMMENT ON COLUMN trials.score IS 'What was to be made as large as possible: the mean over the folds.';

CREATE VIEW latest_runs AS
  SELECT ideas.id AS idea, ideas.name, runs.id AS run, runs.state, runs.started, runs.seconds,
    runs.verdict, runs.rank_ic,
    (backtest.summary ->> 'sharpe_net')::double precision AS sharpe_net,
    (judge.summary ->> 'deflated_sharpe')::double precision AS deflated_sharpe
  FROM ideas
  JOIN LATERAL (
    SELECT * FROM runs WHERE runs.idea = ideas.id ORDER BY started DESC, id DESC LIMIT 1
  ) AS runs ON true
  LEFT JOIN steps AS traded
    ON traded.run = runs.id AND traded.step = 'backtest' AND traded.state IN ('done', 'cached')
  LEFT JOIN artifacts AS backtest ON backtest.key = traded.key
  LEFT JOIN steps AS judged
    ON judged.run = runs.id AND judged.step = 'judge' AND judged.state IN ('done', 'cached')
  LEFT JOIN artifacts AS judge ON judge.key = judged.key;
COMMENT ON VIEW latest_runs IS 'The latest run of each idea that was ever run, with what came of it.';
