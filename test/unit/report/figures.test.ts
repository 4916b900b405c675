import { expect, test } from "vitest";
import {
  capacityCurve,
  equityWithDrawdown,
  featureImportance,
  foldTimeline,
  icByMonth,
  rebalanceAndBreadth,
  sectorAttribution,
  trialsByNumber,
  yearFromEachStart,
} from "../../../contract/figures/index.ts";
import { analytics } from "./analytics.ts";

type Trace = Record<string, unknown>;

test("a fold is drawn as what was trained on, what is left out, and what was tested on", () => {
  const { data } = foldTimeline(
    [
      {
        fold: 0,
        train_start: "2015-01-01",
        train_end: "2015-01-31",
        purge_end: "2015-02-05",
        test_start: "2015-02-10",
        test_end: "2015-03-02",
      },
    ],
    "light",
  );
  const day = 86_400_000;
  const spans = (data as Trace[]).map(({ name, base, x }) => ({ name, base, x }));
  expect(spans).toEqual([
    { name: "train", base: ["2015-01-01"], x: [30 * day] },
    { name: "purge", base: ["2015-01-31"], x: [5 * day] },
    { name: "embargo", base: ["2015-02-05"], x: [5 * day] },
    { name: "test", base: ["2015-02-10"], x: [20 * day] },
  ]);
});

test("the rank IC has the model, and the baseline only where there is one", () => {
  const ic = { month: ["2015-01-01"], model: [0.5], baselines: { har: [0.4] } };
  expect((icByMonth(ic, "har", "dark").data as Trace[]).map(({ name }) => name)).toEqual([
    "model",
    "HAR baseline",
  ]);
  expect(icByMonth(ic, null, "dark").data).toHaveLength(1);
  expect(icByMonth(ic, "sign", "dark").data).toHaveLength(1);
});

test("importance is a share of the whole, the heaviest first", () => {
  const shares = [
    { feature: "a", importance: 1 },
    { feature: "b", importance: 3 },
  ];
  const [bar] = featureImportance(shares, "light", 1).data as Trace[];
  expect(bar).toMatchObject({ y: ["b"], x: [0.75] });
});

test("the best so far never falls, and a trial without a score is not drawn", () => {
  const trials = [0.1, 0.3, null, 0.2].map((score, number) => ({
    number,
    engine: "lightgbm",
    state: score === null ? "failed" : "complete",
    score,
  }));
  const [best] = trialsByNumber(trials, "light").data as Trace[];
  expect(best).toMatchObject({ x: [0, 1, 3], y: [0.1, 0.3, 0.3] });
});

test("figures are plain JSON", () => {
  const curve = { date: ["2015-01-01"], equity: [1], benchmark_equity: [1], drawdown: [0] };
  const figure = equityWithDrawdown(curve, "light");
  expect(JSON.parse(JSON.stringify(figure))).toEqual(figure);
});

test("capacity marks the idea's capital and its own, and nothing where it has none", () => {
  const { capacity } = analytics();
  if (!capacity) throw new Error("the fixture has one");
  const { layout } = capacityCurve(capacity, "light");
  expect((layout.shapes as Trace[]).map(({ x0 }) => x0)).toEqual([1_000_000, 400_000]);
  expect((layout.annotations as Trace[]).map(({ x }) => x)).toEqual([6, Math.log10(400_000)]);
  const without = capacityCurve({ ...capacity, capacity: null }, "light").layout;
  expect(without.shapes).toHaveLength(1);
});

test("sectors stand by what they left, costs against what they earned", () => {
  const [earned, cost] = sectorAttribution(analytics().attribution.sectors, "dark").data as Trace[];
  expect(earned).toMatchObject({ y: ["Utilities", "Energy"], x: [0.03, 0.01] });
  expect(cost).toMatchObject({ x: [-0.001, -0.004] });
});

test("the worst start is marked, and shares of symbols are per cent", () => {
  const { start_dates, rebalance_and_breadth } = analytics();
  if (!start_dates || !rebalance_and_breadth) throw new Error("the fixture has both");
  const [, worst] = yearFromEachStart(start_dates, "light").data as Trace[];
  expect(worst).toMatchObject({ x: ["2016-01-05"], y: [-0.05] });
  const [cells] = rebalanceAndBreadth(rebalance_and_breadth, "light").data as Trace[];
  expect(cells).toMatchObject({ x: ["10 %", "20 %"], y: ["every 1", "every 5"] });
});
