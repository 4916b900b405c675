-- What came out of a run, beside the run: a list of ten thousand must not read as many summaries.
CREATE VIEW run_results_now AS
  SELECT runs.id AS run, judge.summary ->> '$.verdict' AS verdict,
    train.summary ->> '$.rank_ic' AS rank_ic
  FROM runs
  LEFT JOIN steps AS judged
    ON judged.run = runs.id AND judged.step = 'judge' AND judged.state IN ('done', 'cached')
  LEFT JOIN artifacts AS judge ON judge.key = judged.key
  LEFT JOIN steps AS trained
    ON trained.run = runs.id AND trained.step = 'train' AND trained.state IN ('done', 'cached')
  LEFT JOIN artifacts AS train ON train.key = trained.key;

ALTER TABLE runs ADD COLUMN verdict TEXT;
ALTER TABLE runs ADD COLUMN rank_ic REAL;
CREATE INDEX runs_by_started ON runs (started, id);
-- Which run of its idea one is: ids sort by time.
CREATE INDEX runs_by_number ON runs (idea, id);

CREATE TRIGGER run_result_changes AFTER UPDATE OF state, key ON steps
WHEN NEW.step IN ('train', 'judge') BEGIN
  UPDATE runs SET (verdict, rank_ic) =
    (SELECT verdict, rank_ic FROM run_results_now WHERE run = NEW.run)
  WHERE id = NEW.run;
END;

UPDATE runs SET (verdict, rank_ic) =
  (SELECT verdict, rank_ic FROM run_results_now WHERE run = runs.id);
