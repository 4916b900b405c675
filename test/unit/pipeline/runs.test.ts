import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WorkbenchError } from "../../../contract/problem.ts";
import type { NumberedRunEvent, RunResult } from "../../../contract/run.ts";
import { STEP_ORDER } from "../../../main/pipeline/steps.ts";
import { untilAborted } from "./disk-engine.ts";
import { fresh, idea, reversal } from "./fixture.ts";

const states = (result: RunResult) =>
  Object.fromEntries(result.steps.map((s) => [s.name, s.state]));
const allOf = (state: string) => Object.fromEntries(STEP_ORDER.map((step) => [step, state]));

describe("a run", () => {
  it("does every step and puts the result together", async () => {
    const { pipeline, engine, workspace, bars } = fresh();
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    const result = await done;
    expect(states(result)).toEqual(allOf("done"));
    expect(result).toMatchObject({
      run,
      idea: "volatility",
      state: "done",
      data: { name: "sp500", version: 0, rows: 1000, symbols: 5 },
      findings: [{ rule: "missing_price", symbol: "AAA", action: "quarantined" }],
      features: { made: 64, kept: 40 },
      metrics: { rank_ic: 0.5, baseline: "har", sharpe_net: 1.2, deflated_sharpe: 0.97, trials: 3 },
      verdict: "deploy",
      leaderboard: [{ name: "ensemble" }],
      equity: [1, 1.01],
      model: { name: "volatility", version: "1" },
      problem: null,
    });
    expect(engine.requests.map(({ step }) => step)).toEqual([...STEP_ORDER]);
    const manifest = JSON.parse(
      readFileSync(join(workspace.runs, run, "manifest.json"), "utf8"),
    ) as RunResult;
    expect(manifest.verdict).toBe("deploy");
  });

  it("is listed with its verdict", async () => {
    const { pipeline, engine, index, bars } = fresh();
    await pipeline.start(idea(), { data: [bars] }).done;
    engine.before.judge = () => {
      throw new Error("no");
    };
    await pipeline.start(reversal(), { data: [bars] }).done;
    expect(index.runs.list()).toMatchObject([
      { idea: "reversal", state: "failed", verdict: null, rank_ic: 0.5 },
      { idea: "volatility", state: "done", verdict: "deploy", rank_ic: 0.5 },
    ]);
  });

  it("registers again what the registry has lost", async () => {
    const { pipeline, bars, lost } = fresh();
    await pipeline.start(idea(), { data: [bars] }).done;
    lost.add("volatility/1");
    const again = await pipeline.start(idea(), { data: [bars] }).done;
    expect(states(again)).toEqual({ ...allOf("cached"), register: "done" });
  });

  it("takes every step from the cache the second time, asking for no service", async () => {
    const { pipeline, engine, bars } = fresh();
    await pipeline.start(idea(), { data: [bars] }).done;
    await pipeline.start(reversal(), { data: [bars] }).done;
    const before = engine.requests.length;
    for (const again of [idea(), reversal()]) {
      expect(states(await pipeline.start(again, { data: [bars] }).done)).toEqual(allOf("cached"));
    }
    expect(engine.requests).toHaveLength(before);
  });

  it("does again what a changed idea changes, and nothing before it", async () => {
    const { pipeline, bars } = fresh();
    await pipeline.start(idea(), { data: [bars] }).done;
    const changed = idea({ backtest: { strategy: "inverse_volatility", commission_bps: 2 } });
    const result = await pipeline.start(changed, { data: [bars] }).done;
    expect(states(result)).toEqual({
      ...allOf("cached"),
      backtest: "done",
      judge: "done",
      register: "done",
    });
  });

  it("does again every step whose code has changed", async () => {
    const { pipeline, engine, bars } = fresh();
    await pipeline.start(idea(), { data: [bars] }).done;
    engine.code = "code-2";
    expect(states(await pipeline.start(idea(), { data: [bars] }).done)).toEqual(allOf("done"));
  });

  it("says nothing in a key of where it was made or by which run", async () => {
    const [here, there] = [fresh(), fresh()];
    for (const { pipeline, bars } of [here, there]) {
      await pipeline.start(idea({ name: Math.random().toString() }), { data: [bars] }).done;
    }
    const keys = here.engine.requests.map(({ key }) => key);
    expect(there.engine.requests.map(({ key }) => key)).toEqual(keys);
  });

  it("labels the model with its origin", async () => {
    const { pipeline, engine, bars } = fresh();
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    await done;
    expect(engine.requests.at(-1)).toMatchObject({
      step: "register",
      params: { model_name: "volatility", tags: { run, idea: "volatility", data_version: "0" } },
      places: { tracking: "http://127.0.0.1:5000" },
    });
  });

  it("fails with the step's problem; the steps after it are skipped, those before it kept", async () => {
    const { pipeline, engine, bars } = fresh();
    const problem = { code: "select.none_left", detail: "No feature is left.", hint: "Add some." };
    engine.before.select = () => {
      throw new WorkbenchError(problem);
    };
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    const failed = await done;
    expect(failed).toMatchObject({ state: "failed", problem, verdict: null, model: null });
    expect(states(failed)).toEqual({
      ...allOf("skipped"),
      ingest: "done",
      check: "done",
      features: "done",
      select: "failed",
    });
    delete engine.before.select;
    const resumed = await pipeline.resume(run).done;
    expect(resumed).toMatchObject({ run, state: "done", problem: null });
    expect(resumed.steps.filter(({ cached }) => cached)).toHaveLength(3);
  });

  it("fails when the engine cannot be reached, and says so", async () => {
    const { pipeline, engine, bars } = fresh();
    const problem = { code: "engine.down", detail: "The engine is down.", hint: "See its log." };
    engine.capabilities = () => Promise.reject(new WorkbenchError(problem));
    const result = await pipeline.start(idea(), { data: [bars] }).done;
    expect(result).toMatchObject({ state: "failed", problem });
  });

  it("is cancelled at once, and keeps what was finished", async () => {
    const { pipeline, engine, bars, index } = fresh();
    engine.before.train = (_request, _emit, signal) => untilAborted(signal);
    const { run } = pipeline.start(idea(), { data: [bars] });
    for await (const { event } of pipeline.events(run)) {
      if (event.type === "news" && event.news.kind === "trial") break;
    }
    const result = await pipeline.cancel(run);
    expect(result.state).toBe("cancelled");
    expect(states(result)).toMatchObject({ select: "done", train: "cancelled", judge: "skipped" });
    expect(index.trials.count(idea().universe.data)).toBe(3);
    await expect(pipeline.cancel(run)).rejects.toMatchObject({
      problem: { code: "run.not_running" },
    });
  });

  it("is interrupted when the workbench closes, and can be resumed", async () => {
    const { pipeline, engine, bars } = fresh();
    engine.before.features = (_request, _emit, signal) => untilAborted(signal);
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    for await (const { event } of pipeline.events(run)) {
      if (event.type === "news" && event.step === "features") break;
    }
    await pipeline.close();
    const result = await done;
    expect(result.state).toBe("interrupted");
    expect(states(result)).toMatchObject({ check: "done", features: "waiting", judge: "waiting" });
    delete engine.before.features;
    expect((await pipeline.resume(run).done).state).toBe("done");
  });

  it("shares the work with an identical run at the same time", async () => {
    const { pipeline, engine, bars } = fresh();
    const results = await Promise.all(
      [1, 2].map(() => pipeline.start(idea(), { data: [bars] }).done),
    );
    expect(results.map(({ state }) => state)).toEqual(["done", "done"]);
    for (const step of STEP_ORDER) expect(engine.done(step), step).toBe(1);
  });

  it("goes on alone when the run whose work it shared is cancelled", async () => {
    const { pipeline, engine, bars } = fresh();
    let first = true;
    engine.before.train = async (_request, _emit, signal) => {
      if (!first) return;
      first = false;
      await untilAborted(signal);
    };
    const [one, two] = [1, 2].map(() => pipeline.start(idea(), { data: [bars] }));
    if (!one || !two) throw new Error("unreachable");
    for await (const { event } of pipeline.events(one.run)) {
      if (event.type === "news" && event.step === "train") break;
    }
    expect((await pipeline.cancel(one.run)).state).toBe("cancelled");
    expect((await two.done).state).toBe("done");
  });

  it("can be read when its artifacts are gone, but never takes a missing file for no findings", async () => {
    const { pipeline, engine, bars, workspace } = fresh();
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    await done;
    const check = engine.requests.find(({ step }) => step === "check")?.key ?? "";
    rmSync(join(workspace.cache, "check", check, "findings.json"));
    await expect(pipeline.result(run)).rejects.toMatchObject({
      problem: { code: "artifact.unreadable" },
    });
    rmSync(workspace.cache, { recursive: true });
    expect(await pipeline.result(run)).toMatchObject({ verdict: "deploy", findings: [] });
  });

  it("makes a damaged artifact again", async () => {
    const { pipeline, engine, bars, workspace } = fresh();
    await pipeline.start(idea(), { data: [bars] }).done;
    const keyOf = (step: string) => engine.requests.find((r) => r.step === step)?.key ?? "";
    const file = (step: string, name: string) => join(workspace.cache, step, keyOf(step), name);
    writeFileSync(file("check", "findings.json"), "[");
    rmSync(file("features", "catalogue.json"));
    writeFileSync(file("select", "manifest.json"), "{}");
    rmSync(file("train", "manifest.json"));
    const result = await pipeline.start(idea(), { data: [bars] }).done;
    expect(states(result)).toEqual({
      ...allOf("cached"),
      check: "done",
      features: "done",
      select: "done",
      train: "done",
    });
  });
});

describe("the events of a run", () => {
  it("are numbered, and can be taken up from any number", async () => {
    const { pipeline, bars } = fresh();
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    const live: NumberedRunEvent[] = [];
    for await (const event of pipeline.events(run)) live.push(event);
    await done;
    expect(live.map(({ seq }) => seq)).toEqual(live.map((_, at) => at + 1));
    expect(live.at(-1)?.event).toEqual({ type: "ended", state: "done", problem: null });
    const again: NumberedRunEvent[] = [];
    for await (const event of pipeline.events(run, 5)) again.push(event);
    expect(again).toEqual(live.slice(4));
  });

  it("stop when the follower goes", async () => {
    const { pipeline, engine, bars } = fresh();
    engine.before.ingest = (_request, _emit, signal) => untilAborted(signal);
    const { run } = pipeline.start(idea(), { data: [bars] });
    const follower = new AbortController();
    setTimeout(() => follower.abort(), 50);
    for await (const { event } of pipeline.events(run, 0, follower.signal)) {
      expect(event.type).not.toBe("ended");
    }
  });

  it("of an unknown run are refused", () => {
    const { pipeline } = fresh();
    expect(() => pipeline.events("r-0000000000" as never)).toThrow(/no run/);
  });

  it("let tell how long a run will yet take, once there is a past", async () => {
    const { pipeline, engine, bars, index } = fresh();
    const first = pipeline.start(idea(), { data: [bars] });
    expect(pipeline.estimate(first.run)).toBeNull();
    await first.done;
    engine.code = "code-2";
    engine.before.train = (_request, _emit, signal) => untilAborted(signal);
    const second = pipeline.start(idea(), { data: [bars] });
    for await (const { event } of pipeline.events(second.run)) {
      if (event.type === "news" && event.news.kind === "trial") break;
    }
    const past = index.steps.pastDurations("judge");
    expect(past[0]).toMatchObject({ rows: 1000 });
    expect(pipeline.estimate(second.run)).toBeGreaterThan(1);
    expect(pipeline.estimate(second.run)).toBeLessThan(3);
    expect(pipeline.estimate(first.run)).toBeNull();
  });
});
