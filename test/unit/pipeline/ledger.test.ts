import { describe, expect, it } from "vitest";
import { DataSetName } from "../../../contract/ids.ts";
import { untilAborted } from "./disk-engine.ts";
import { fresh, idea, reversal } from "./fixture.ts";

const data = idea().universe.data;
const OTHER_NAME = DataSetName.parse("fresh-start");

function judgedWith({ engine }: ReturnType<typeof fresh>): unknown[] {
  return engine.requests
    .filter(({ step }) => step === "judge")
    .map(({ params }) => params.trials_on_data);
}

describe("the ledger", () => {
  it("counts every trial on a data set, whichever idea made it and whatever became of it", async () => {
    const opened = fresh();
    const { pipeline, index, bars } = opened;
    await pipeline.start(idea(), { data: [bars] }).done;
    await pipeline.start(reversal(), { data: [bars] }).done;
    expect(index.trials.count(data)).toBe(6);
    expect(index.trials.ofDataSet(data).map(({ trial }) => trial.state)).toContain("pruned");
    expect(judgedWith(opened)).toEqual([3, 6]);
  });

  it("does not count a cached step's trials again, and leaves given verdicts as they are", async () => {
    const opened = fresh();
    const { pipeline, index, bars } = opened;
    for (const one of [idea(), reversal(), idea(), reversal()]) {
      await pipeline.start(one, { data: [bars] }).done;
    }
    expect(index.trials.count(data)).toBe(6);
    expect(judgedWith(opened)).toEqual([3, 6]);
  });

  it("counts what was fitted before a run failed or was cancelled, and the same fit only once", async () => {
    const opened = fresh();
    const { pipeline, engine, index, bars } = opened;
    engine.trials = 2;
    engine.before.train = (_request, _emit, signal) => untilAborted(signal);
    const { run } = pipeline.start(idea(), { data: [bars] });
    for await (const { event } of pipeline.events(run)) {
      if (event.type === "news" && event.news.kind === "trial" && event.news.number === 1) break;
    }
    await pipeline.cancel(run);
    expect(index.trials.count(data)).toBe(2);

    delete engine.before.train;
    engine.trials = 3;
    await pipeline.resume(run).done;
    expect(index.trials.count(data)).toBe(3);
    expect(judgedWith(opened)).toEqual([3]);
  });

  it("counts the work on other ideas that came in between", async () => {
    const opened = fresh();
    const { pipeline, engine, bars } = opened;
    engine.trials = 1;
    engine.before.train = (_request, _emit, signal) => untilAborted(signal);
    const { run } = pipeline.start(reversal(), { data: [bars] });
    for await (const { event } of pipeline.events(run)) {
      if (event.type === "news" && event.news.kind === "trial") break;
    }
    await pipeline.cancel(run);
    delete engine.before.train;
    engine.trials = 3;
    await pipeline.start(idea(), { data: [bars] }).done;
    expect(judgedWith(opened)).toEqual([4]);
  });

  it("does not begin anew for the same bars under another name", async () => {
    const opened = fresh();
    const { pipeline, index, bars } = opened;
    await pipeline.start(idea(), { data: [bars] }).done;
    const again = reversal();
    const renamed = { ...again, universe: { ...again.universe, data: OTHER_NAME } };
    await pipeline.start(renamed, { data: [bars] }).done;
    expect(judgedWith(opened)).toEqual([3, 6]);
    expect(index.trials.count(OTHER_NAME)).toBe(6);
  });

  it("keeps the trials of a deleted run", async () => {
    const { pipeline, index, bars } = fresh();
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    await done;
    index.runs.remove(run);
    expect(index.steps.ofRun(run)).toEqual([]);
    expect(index.events.from(run, 0)).toEqual([]);
    expect(index.trials.count(data)).toBe(3);
    expect(index.trials.ofDataSet(data)[0]).toMatchObject({ run, trial: { number: 0 } });
  });
});
