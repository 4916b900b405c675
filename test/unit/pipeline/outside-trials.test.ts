import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataSetName } from "../../../contract/ids.ts";
import { OUTSIDE } from "../../../contract/ledger.ts";
import { problemOf } from "../../../contract/problem.ts";
import { OutsideTrials } from "../../../main/pipeline/outside-trials.ts";
import { trial } from "./disk-engine.ts";
import { fresh, idea } from "./fixture.ts";

const data = idea().universe.data;
const KEY = "e".repeat(64);

/** A line as `breadthflow_engine/ledger.py` writes it. */
function line(number: number, artifact = KEY, data_set: string = data): string {
  const at = "2026-01-01T00:00:00.123456+00:00";
  return `${JSON.stringify({ data_set, artifact, at, trial: trial(number) })}\n`;
}

function opened() {
  const found = fresh();
  const folder = found.workspace.ledger;
  mkdirSync(folder, { recursive: true });
  const outside = new OutsideTrials(found.index, folder);
  return { ...found, outside, file: join(folder, "4711.jsonl") };
}

function judgedWith({ engine }: ReturnType<typeof fresh>): unknown[] {
  return engine.requests
    .filter(({ step }) => step === "judge")
    .map(({ params }) => params.trials_on_data);
}

describe("trials from outside", () => {
  it("raise the bar for the next idea on the data", async () => {
    const found = opened();
    writeFileSync(found.file, line(0) + line(1));
    await found.pipeline.start(idea(), { data: [found.bars] }).done;
    expect(judgedWith(found)).toEqual([5]);
    expect(found.index.trials.byIdea(data)).toMatchObject([
      { idea: "volatility", trials: 3 },
      { idea: OUTSIDE.idea, trials: 2, complete: 1, pruned: 1 },
    ]);
  });

  it("count once, however often they are looked for, and go on where the file was left", () => {
    const { index, outside, file } = opened();
    writeFileSync(file, line(0));
    outside.takeIn();
    outside.takeIn();
    expect(index.trials.count(data)).toBe(1);
    appendFileSync(file, line(1) + line(2).slice(0, 50));
    outside.takeIn();
    expect(index.trials.count(data)).toBe(2);
    appendFileSync(file, line(2).slice(50));
    outside.takeIn();
    expect(index.trials.ofDataSet(data).map(({ trial: { number } }) => number)).toEqual([0, 1, 2]);
  });

  it("are those of the run that makes the artifact, when an engine writes down a run's own", async () => {
    const { pipeline, engine, index, outside, bars, file } = opened();
    // Before the run has heard of them itself.
    engine.before.select = () => undefined;
    const { run, done } = pipeline.start(idea(), { data: [bars] });
    engine.before.train = ({ key }) => {
      writeFileSync(file, [0, 1, 2].map((number) => line(number, key)).join(""));
      outside.takeIn();
    };
    await done;
    outside.takeIn();
    expect(index.trials.count(data)).toBe(3);
    expect(index.trials.byIdea(data)).toMatchObject([{ idea: "volatility", trials: 3 }]);
    expect(new Set(index.trials.ofDataSet(data).map((one) => one.run))).toEqual(new Set([run]));
  });

  it("do without the lines that make no sense", () => {
    const { index, outside, file } = opened();
    writeFileSync(file, `no json\n{"trial":1}\n${line(0)}${line(1, "no key")}\n`);
    outside.takeIn();
    expect(index.trials.count(data)).toBe(1);
  });

  it("are entered by hand from the events of a step, the same file once", () => {
    const { index, outside } = opened();
    const name = DataSetName.parse("sp500");
    const progress = { kind: "progress", fraction: 0.5, message: "half" };
    const events = [progress, trial(0), trial(1)].map((event) => JSON.stringify(event)).join("\n");
    expect(outside.add(name, events, new Date())).toBe(2);
    outside.add(name, events, new Date());
    expect(index.trials.count(name)).toBe(2);
    const refused = () => outside.add(name, `${events}\n{"kind":"trail"}`, new Date());
    try {
      refused();
      expect.unreachable();
    } catch (error) {
      expect(problemOf(error)).toMatchObject({ code: "ledger.not_events", where: { line: 4 } });
    }
    expect(index.trials.count(name)).toBe(2);
  });
});
