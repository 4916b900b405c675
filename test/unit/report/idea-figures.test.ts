import { expect, test } from "vitest";
import {
  costAndDelay,
  costsSoFar,
  exposureWithTurnover,
  featureCorrelation,
  featureStability,
  icByFold,
  icDistribution,
  monthlyReturns,
  rebalanceAndBreadth,
} from "../../../contract/figures/index.ts";

type Trace = Record<string, unknown>;
const traces = (figure: { data: object[] }) => figure.data as Trace[];

test("each fold has a bar of the model and of every baseline, in colours of their own", () => {
  const bars = traces(
    icByFold(
      [
        { name: "ensemble", kind: "ensemble", fold_rank_ic: [0.5, null] },
        { name: "har", kind: "baseline", fold_rank_ic: [0.4, 0.3] },
        { name: "parkinson_21", kind: "baseline", fold_rank_ic: [0.2, 0.1] },
      ],
      "dark",
    ),
  );
  expect(bars.map(({ name, x, y }) => [name, x, y])).toEqual([
    ["model", ["fold 1", "fold 2"], [0.5, null]],
    ["HAR baseline", ["fold 1", "fold 2"], [0.4, 0.3]],
    ["parkinson 21 baseline", ["fold 1", "fold 2"], [0.2, 0.1]],
  ]);
  expect(new Set(bars.map(({ marker }) => (marker as { color: string }).color)).size).toBe(3);
});

test("days are counted in the middle of their bin, the baseline behind the model", () => {
  const counts = { edges: [0, 0.2, 0.4], model: [3, 5], baselines: { har: [6, 2] } };
  const bars = traces(icDistribution(counts, "har", "light"));
  expect(bars.map(({ name }) => name)).toEqual(["HAR baseline", "model"]);
  expect(bars[1]?.x).toEqual([expect.closeTo(0.1), expect.closeTo(0.3)]);
  expect(traces(icDistribution(counts, null, "light")).map(({ name }) => name)).toEqual(["model"]);
});

test("a year stands at the right of its months, and a month without the book is left empty", () => {
  const months = [[0.01, null, ...Array(10).fill(-0.02)]];
  const [grid] = traces(monthlyReturns({ year: [2016], months, total: [-0.18] }, "dark"));
  expect(grid?.x).toEqual([...Array(12).fill(expect.any(String)), "year"]);
  expect(grid?.z).toEqual([[...(months[0] ?? []), -0.18]]);
  expect(grid?.text).toEqual([["1.0", "", ...Array(10).fill("-2.0"), "-18.0"]]);
});

test("costs that were never paid and a side that was never held are not drawn", () => {
  const nothing = [0, 0];
  const costs = {
    date: ["2016-01-04", "2016-01-05"],
    commission: [0.001, 0.002],
    spread_cost: [0.01, 0.02],
    impact_cost: nothing,
    borrow_cost: nothing,
  };
  expect(traces(costsSoFar(costs, "light")).map(({ name }) => name)).toEqual([
    "spread",
    "commission",
  ]);
  const held = { date: costs.date, long: [1, 1], short: nothing, net: [1, 1], turnover: [3, 3] };
  expect(traces(exposureWithTurnover(held, "light")).map(({ name }) => name)).toEqual([
    "long",
    "net",
    "turnover a year",
  ]);
});

test("a feature without a score is not among the steady and the strong", () => {
  const [dropped, kept] = traces(
    featureStability(
      [
        { name: "month", kept: true, score: null, stability: null },
        { name: "range", kept: true, score: 0.4, stability: 1 },
        { name: "noise", kept: false, score: 0.01, stability: 0.4 },
      ],
      "dark",
    ),
  );
  expect(kept).toMatchObject({ x: [0.4], y: [1], text: ["range"] });
  expect(dropped).toMatchObject({ x: [0.01], y: [0.4], text: ["noise"] });
});

test("correlations keep their scale from -1 to 1, whatever is in them", () => {
  const values = [
    [1, 0.9],
    [0.9, 1],
  ];
  const [grid] = traces(featureCorrelation({ names: ["a", "b"], values }, "dark"));
  expect(grid).toMatchObject({ z: values, zmin: -1, zmax: 1, x: ["a", "b"], y: ["a", "b"] });
});

test("a Sharpe ratio stands in the cell of its choices, and its colour is grey at zero", () => {
  const sharpe_net = [
    [1.5, 0.2],
    [null, -2],
  ];
  const [later] = traces(costAndDelay({ delay: [1, 2], cost: [0.5, 3], sharpe_net }, "dark"));
  expect(later).toMatchObject({ x: ["0.5 ×", "3 ×"], y: ["1 bar", "2 bars"], z: sharpe_net });
  expect([later?.zmin, later?.zmax]).toEqual([-2, 2]);
  const broad = { rebalance: [5, 21], sharpe_net, other: "quantile" as const, values: [0.1, 0.2] };
  const [side] = traces(rebalanceAndBreadth(broad, "light"));
  expect(side).toMatchObject({ x: ["10 %", "20 %"], y: ["every 5", "every 21"], z: sharpe_net });
});
