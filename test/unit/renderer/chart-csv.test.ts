import { expect, test } from "vitest";
import {
  findingsCalendar,
  foldTimeline,
  icDecay,
  priceChart,
} from "../../../contract/figures/index.ts";
import { type Trace, tracesToCsv } from "../../../renderer/charts/csv.ts";

const lines = (traces: readonly Trace[]) => tracesToCsv(traces).trim().split(/\r?\n/);

test("the points of lines and bars are a line each", () => {
  expect(lines([{ name: "net", x: ["a", "b"], y: [1, null] }])).toEqual([
    "trace,x,y",
    "net,a,1",
    "net,b,",
  ]);
});

test("a heat map's cells have their row and column", () => {
  expect(
    lines([
      {
        name: "map",
        x: [1, 2],
        y: ["r"],
        z: [[5, 6]],
      },
    ]),
  ).toEqual(["trace,x,y,z", "map,1,r,5", "map,2,r,6"]);
});

test("a calendar's days are told by their dates, and a day that it does not draw is left out", () => {
  const days = [{ date: "2018-01-03", error: 0, warning: 2, info: 0 }];
  const calendar = findingsCalendar({ days, first: "2018-01-02", last: "2018-01-03" }, "dark");
  expect(lines(calendar.data as Trace[])).toEqual([
    "trace,x,y,z",
    "day,2018-01-02,,0",
    "day,2018-01-03,,0",
    `warning,2018-01-03,,${Math.log1p(2)}`,
  ]);
});

test("an interval is told by its ends, whichever way it lies", () => {
  const decay = { horizon: [1], ic: [0.5], lower: [0.25], upper: [1], target: 1 };
  expect(lines(icDecay(decay, "dark").data as Trace[])).toEqual([
    "trace,x,y,lower,upper",
    '"rank IC, 95 % interval",1 bar,0.5,0.25,1',
  ]);
  expect(lines([{ name: "beta", x: [2], y: ["m"], error_x: { array: [0.5] } }])[1]).toBe(
    "beta,2,m,1.5,2.5",
  );
});

test("a candle is told by its four prices", () => {
  const flags = { flags: [], missing: [] };
  const bar = { open: [1], high: [3], low: [0.5], close: [2], volume: [100] };
  const prices = { symbol: "AAA", date: ["2020-01-02"], ...bar, ...flags } as unknown as Parameters<
    typeof priceChart
  >[0];
  const view = { kind: "candles", range: null, marked: null } as const;
  expect(lines(priceChart(prices, view, "dark").data as Trace[]).slice(0, 3)).toEqual([
    "trace,x,y,open,high,low,close",
    "AAA,2020-01-02,,1,3,0.5,2",
    "volume,2020-01-02,100,,,,",
  ]);
});

test("a span is told by its first and its last day", () => {
  const fold = {
    fold: 0,
    train_start: "2013-01-02",
    train_end: "2014-01-02",
    purge_end: "2014-01-09",
    test_start: "2014-01-16",
    test_end: "2014-07-16",
  };
  const folds = [fold] as unknown as Parameters<typeof foldTimeline>[0];
  expect(lines(foldTimeline(folds, "dark").data as Trace[])).toEqual([
    "trace,x,y,from",
    "train,2014-01-02,fold 1,2013-01-02",
    "purge,2014-01-09,fold 1,2014-01-02",
    "embargo,2014-01-16,fold 1,2014-01-09",
    "test,2014-07-16,fold 1,2014-01-16",
  ]);
});
