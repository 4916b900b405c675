import { describe, expect, it } from "vitest";
import { RunId } from "../../../contract/ids.ts";
import type { NumberedRunEvent, RunEvent } from "../../../contract/run.ts";
import type { StepEvent } from "../../../contract/step.ts";
import { NOTHING_YET, withEvents } from "../../../renderer/pages/ideas/idea/live-run.ts";

const run = RunId.parse("r-0123456789");
const told = (seq: number, event: RunEvent): NumberedRunEvent => ({ seq, run, event });
const news = (seq: number, said: StepEvent) =>
  told(seq, { type: "news", step: "train", news: said });
const progress = (fraction: number): StepEvent => ({ kind: "progress", fraction, message: "" });
const trial = (number: number, score: number): StepEvent => ({
  kind: "trial",
  number,
  engine: "lightgbm",
  params: {},
  state: "complete",
  score,
  fold_scores: [score],
  seconds: 1,
});
const scores = (live: typeof NOTHING_YET) =>
  live.trials.map(({ number, score }) => [number, score]);

describe("a run that is followed", () => {
  it("keeps the last progress of a step until the step ends", () => {
    const half = withEvents(NOTHING_YET, [news(1, progress(0.1)), news(2, progress(0.5))]);
    expect(half.progress.train?.fraction).toBe(0.5);
    const done = told(3, {
      type: "step",
      step: "train",
      state: "done",
      seconds: 2,
      summary: null,
    });
    expect(withEvents(half, [done])).toMatchObject({ seq: 3, progress: {} });
  });

  it("does not count twice what a connection that was taken up again tells twice", () => {
    const first = withEvents(NOTHING_YET, [news(1, trial(0, 0.1)), news(2, trial(1, 0.2))]);
    const again = withEvents(first, [news(2, trial(1, 0.9)), news(3, trial(2, 0.3))]);
    expect(scores(again)).toEqual([
      [0, 0.1],
      [1, 0.2],
      [2, 0.3],
    ]);
    expect(again.seq).toBe(3);
  });

  it("has each trial once when a resumed search fits its first ones again", () => {
    const live = withEvents(NOTHING_YET, [news(1, trial(0, 0.1)), news(2, trial(0, 0.4))]);
    expect(scores(live)).toEqual([[0, 0.4]]);
  });

  it("stays as it is where nothing new was told", () => {
    const live = withEvents(NOTHING_YET, [news(1, progress(0.1))]);
    expect(withEvents(live, [news(1, progress(0.9))])).toBe(live);
  });
});
