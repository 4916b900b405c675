import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Idea } from "../../../contract/idea.ts";
import { ContentKey, DataSetName, DeploymentId, IdeaId, RunId } from "../../../contract/ids.ts";
import type { TrialEvent } from "../../../contract/step.ts";
import type { DataVersion } from "../../../main/project-index/data-versions.ts";
import { openProjectIndex, type ProjectIndex } from "../../../main/project-index/project-index.ts";

const RUN = RunId.parse("r-0000000001");
const KEY = ContentKey.parse("a".repeat(64));
const OTHER_KEY = ContentKey.parse("b".repeat(64));
const DATA = DataSetName.parse("sp500");
const AT = new Date("2026-01-02T03:04:05Z");
const LATER = new Date("2026-01-03T03:04:05Z");
const IDEA = Idea.parse({
  breadthflow: 1,
  id: "volatility",
  name: "Volatility",
  universe: { data: DATA },
  target: { kind: "log_realised_volatility", horizon: 5 },
  backtest: { strategy: "long_only" },
});

function fresh(): ProjectIndex {
  const root = mkdtempSync(join(tmpdir(), "breadthflow-index-"));
  const index = openProjectIndex({ file: join(root, "index.db"), backups: join(root, "backups") });
  onTestFinished(() => {
    index.close();
    rmSync(root, { recursive: true, force: true });
  });
  return index;
}

function trial(changes: Partial<TrialEvent> = {}): TrialEvent {
  const base = { kind: "trial", number: 0, engine: "lightgbm", params: { leaves: 31 } } as const;
  return { ...base, state: "complete", score: 0.5, fold_scores: [0.4], seconds: 1, ...changes };
}

describe("ideas", () => {
  it("keep when they were last changed", () => {
    const { ideas } = fresh();
    ideas.save(IDEA, AT);
    ideas.save(IDEA, LATER);
    expect(ideas.get(IDEA.id)).toEqual({
      id: IDEA.id,
      name: IDEA.name,
      idea: IDEA,
      yaml: null,
      created: AT.toISOString(),
      updated: AT.toISOString(),
      archived: null,
    });
    ideas.save({ ...IDEA, name: "Another" }, LATER);
    expect(ideas.list()).toMatchObject([
      { idea: { name: "Another" }, updated: LATER.toISOString() },
    ]);
    ideas.remove(IDEA.id);
    expect(ideas.list()).toEqual([]);
  });
});

describe("runs", () => {
  it("keep the idea as it was, and how they ended", () => {
    const { runs } = fresh();
    runs.begin(RUN, IDEA, ["/data"], AT);
    expect(runs.inState("running")).toMatchObject([{ run: RUN, idea: IDEA, sources: ["/data"] }]);
    const problem = { code: "a.b", detail: "What.", hint: "Do." };
    runs.end(RUN, { state: "failed", problem, seconds: 2, at: LATER });
    expect(runs.get(RUN)).toMatchObject({ state: "failed", problem, ended: LATER.toISOString() });
    runs.reopen(RUN, LATER);
    expect(runs.get(RUN)).toMatchObject({ state: "running", problem: null, ended: null });
    expect(runs.ofIdea(IDEA.id)).toMatchObject([
      { run: RUN, number: 1, idea: IDEA.id, name: IDEA.name, verdict: null, rank_ic: null },
    ]);
    expect(runs.ofIdea(IdeaId.parse("other"))).toEqual([]);
  });
});

describe("steps and events", () => {
  it("go with their run", () => {
    const index = fresh();
    index.runs.begin(RUN, IDEA, null, AT);
    index.steps.plan(RUN, ["ingest", "check"]);
    index.steps.start(RUN, "check", KEY, AT);
    expect(index.steps.ofRun(RUN)).toMatchObject([
      { step: "ingest", state: "waiting", key: null },
      { step: "check", state: "running", key: KEY },
    ]);
    const event = { type: "ended", state: "done", problem: null } as const;
    expect([1, 2].map(() => index.events.append(RUN, event, AT).seq)).toEqual([1, 2]);
    expect(index.events.from(RUN, 2)).toEqual([{ seq: 2, run: RUN, event }]);
    index.runs.remove(RUN);
    expect(index.steps.ofRun(RUN)).toEqual([]);
    expect(index.events.from(RUN, 0)).toEqual([]);
  });

  it("of a run that is not there are refused", () => {
    const index = fresh();
    expect(() => index.steps.plan(RUN, ["ingest"])).toThrow(/FOREIGN KEY/);
  });
});

const VERSION: DataVersion = {
  key: KEY,
  name: DATA,
  version: 0,
  request: "one",
  source_hash: "hash of bars.csv",
  base: null,
  rows: 1000,
  symbols: 5,
  first: "2015-01-02",
  last: "2018-01-02",
  created: AT.toISOString(),
};

describe("trials on the same bars", () => {
  const COPY = DataSetName.parse("fresh-start");

  /** A data set with three trials, and another one with a trial that is told by `version`. */
  function withCopy(version: Partial<DataVersion>) {
    const index = fresh();
    const { trials, dataVersions } = index;
    dataVersions.record(VERSION);
    const copy = { ...VERSION, key: OTHER_KEY, name: COPY, ...version };
    const origin = { data_set: DATA, artifact: KEY, idea: IDEA.id, run: RUN };
    for (const [number, state] of (["complete", "failed", "cancelled"] as const).entries()) {
      trials.record(origin, trial({ number, state }), `p${number}`, AT);
    }
    const elsewhere = { ...origin, data_set: COPY, artifact: OTHER_KEY };
    return { index, trials, copy, tryOut: () => trials.record(elsewhere, trial(), "p0", LATER) };
  }

  it.each([
    ["from the same files", { rows: 1001 }],
    ["from another file, in another order", { source_hash: "hash of shuffled.parquet" }],
  ])("are answered for under every name: imported %s", (_, version) => {
    const { index, trials, copy, tryOut } = withCopy(version);
    expect(trials.count(COPY)).toBe(0);
    index.dataVersions.record(copy);
    tryOut();
    expect([trials.count(COPY), trials.count(DATA)]).toEqual([4, 4]);
    expect(trials.countUpTo(COPY, OTHER_KEY)).toBe(4);
    expect(trials.countUpTo(DATA, KEY)).toBe(3);
    expect(trials.tried().get(COPY)).toEqual({ trials: 4, ideas: 1 });
    expect(trials.ofDataSet(COPY)).toHaveLength(4);
    expect(trials.byIdea(COPY)).toMatchObject([
      { data_set: DATA, trials: 3, complete: 1, pruned: 0, failed: 1, cancelled: 1 },
      { data_set: COPY, trials: 1, complete: 1, failed: 0, cancelled: 0 },
    ]);
  });

  it("are answered for when the data set that they were made on is gone", () => {
    const { index, trials, copy } = withCopy({});
    index.dataVersions.remove(KEY);
    index.dataVersions.record(copy);
    expect(trials.count(COPY)).toBe(3);
  });

  it("are not mixed with those on other bars", () => {
    const { index, trials, copy, tryOut } = withCopy({ rows: 999, source_hash: "other" });
    index.dataVersions.record(copy);
    tryOut();
    expect([trials.count(COPY), trials.count(DATA)]).toEqual([1, 3]);
  });
});

describe("trials", () => {
  const origin = { data_set: DATA, artifact: KEY, idea: IDEA.id, run: RUN };

  it("are counted once for the same fit, and completed by the retry", () => {
    const { trials } = fresh();
    trials.record(origin, trial({ state: "cancelled", score: null }), "p1", AT);
    trials.record(origin, trial(), "p1", LATER);
    trials.record(origin, trial({ state: "failed" }), "p1", LATER);
    expect(trials.ofArtifact(KEY)).toMatchObject([{ trial: { state: "complete", score: 0.5 } }]);
    trials.record(origin, trial({ params: { leaves: 7 } }), "p2", LATER);
    expect(trials.count(DATA)).toBe(2);
  });

  it("made later, or on other data, do not count for an artifact", () => {
    const { trials } = fresh();
    const other = { ...origin, artifact: OTHER_KEY };
    const elsewhere = { ...other, data_set: DataSetName.parse("crypto") };
    trials.record(elsewhere, trial(), "p0", AT);
    trials.record(other, trial(), "p1", AT);
    trials.record(origin, trial(), "p1", AT);
    trials.record(other, trial({ number: 1 }), "p2", AT);
    expect(trials.countUpTo(DATA, KEY)).toBe(2);
    expect(trials.countUpTo(DATA, OTHER_KEY)).toBe(3);
    expect(trials.count(DATA)).toBe(3);
  });
});

describe("models and deployments", () => {
  it("are found again", () => {
    const { models, deployments } = fresh();
    const model = {
      name: "volatility",
      version: "1",
      key: KEY,
      idea: IDEA.id,
      run: RUN,
      verdict: "deploy",
      created: AT.toISOString(),
    } as const;
    models.record(model);
    expect(models.get("volatility", "1")).toEqual(model);
    expect(models.list()).toEqual([model]);
    const deployment = {
      deployment: DeploymentId.parse("volatility"),
      run: RUN,
      model: "volatility",
      version: "1",
      endpoint: null,
      state: "starting",
      created: AT.toISOString(),
      ready_seconds: null,
      verdict: "watch",
      against_verdict: "To see how it fares.",
    } as const;
    deployments.save(deployment);
    deployments.save({ ...deployment, state: "live", ready_seconds: 1.5 });
    expect(deployments.list()).toMatchObject([
      { verdict: "watch", against_verdict: "To see how it fares." },
    ]);
    expect(deployments.inState("live")).toEqual(deployments.list());
    expect(deployments.get(deployment.deployment)).toMatchObject({ ready_seconds: 1.5 });
  });
});

describe("several writes as one", () => {
  it("are all there or none", () => {
    const index = fresh();
    expect(() =>
      index.durable(() => {
        index.ideas.save(IDEA, AT);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(index.ideas.list()).toEqual([]);
  });
});
