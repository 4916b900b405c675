import { expect, test } from "vitest";
import { icDecay } from "../../../contract/figures/index.ts";
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
