import { expect, test } from "vitest";
import {
  bookPanels,
  factorExposure,
  headlineIntervals,
  icDecay,
  luckPanels,
  nullDistribution,
  overfittingLogits,
  pathFan,
  pickedTrials,
  sectorsByYear,
  sharpeAgainstTrials,
  snoopingLines,
  trialsTold,
  yearAttribution,
} from "../../../contract/figures/index.ts";
import { Paths, Statistics } from "../../../contract/statistics.ts";
import { analytics } from "./analytics.ts";
import { paths, statistics } from "./statistics.ts";

type Trace = Record<string, unknown>;
const traces = (figure: { data: object[] }) => figure.data as Trace[];

test("the idea stands as a line in what shuffled labels show, and not where it has no value", () => {
  const found = { value: 0.3, edges: [-0.1, 0, 0.1], counts: [4, 6] };
  const [bars, line] = traces(nullDistribution(found, "dark"));
  expect(bars).toMatchObject({ x: [-0.05, 0.05], y: [4, 6], width: [0.1, 0.1] });
  expect(line).toMatchObject({ x: [0.3, 0.3], y: [0, 6] });
  expect(traces(nullDistribution({ ...found, value: null }, "dark"))).toHaveLength(1);
});

test("logits up to 0 count as overfit, and every combination is on one side", () => {
  const [worse, better] = traces(
    overfittingLogits({ edges: [-2, -1, 0, 1], counts: [3, 4, 5] }, "light"),
  );
  expect(worse).toMatchObject({ x: [-1.5, -0.5], y: [3, 4] });
  expect(better).toMatchObject({ x: [0.5], y: [5] });
});

test("the line of equal worth runs over what was seen in sample", () => {
  const found = { in_sample: [0.2, null, 0.1], out_of_sample: [0.1, null, 0.3] };
  expect(traces(pickedTrials(found, "dark"))[0]).toMatchObject({ x: [0.1, 0.2], y: [0.1, 0.2] });
  expect(traces(pickedTrials({ in_sample: [], out_of_sample: [] }, "dark"))[0]?.x).toEqual([]);
});

test("the bar rises against the idea's own Sharpe ratio, and the trials so far are marked", () => {
  const found = {
    here: 100,
    sharpe: 0.8,
    threshold: 0.95,
    count: [1, 100, 1000],
    bar: [0, 1, 2],
    deflated: [0.9, 0.4, 0.1],
  };
  const figure = sharpeAgainstTrials(found, "dark");
  expect(traces(figure).map(({ name, x, y }) => [name, x, y])).toEqual([
    ["luckiest of so many", [1, 100, 1000], [0, 1, 2]],
    ["the idea", [1, 1000], [0.8, 0.8]],
    ["deflated Sharpe", [1, 100, 1000], [0.9, 0.4, 0.1]],
    ["needed", [1, 1000], [0.95, 0.95]],
  ]);
  // Plotly wants the exponent of a logarithmic axis in one place and the value in the other.
  expect(figure.layout.annotations).toMatchObject([{ x: 2, text: "100 so far" }]);
  expect(figure.layout.shapes).toMatchObject([{ x0: 100, x1: 100 }]);
});

test("each headline number has a scale of its own, and one that is not known has none", () => {
  const figure = headlineIntervals(statistics().headline, "light");
  const drawn = traces(figure);
  expect(drawn.map(({ name }) => name)).toEqual(["return a year", "Sharpe, net", "ICIR of a day"]);
  expect(new Set(drawn.map(({ xaxis }) => xaxis)).size).toBe(3);
  expect(drawn[1]?.error_x).toMatchObject({
    array: [expect.closeTo(1.14)],
    arrayminus: [expect.closeTo(1)],
  });
  const alone = { sharpe: { value: 1, lower: null, upper: null } };
  expect(traces(headlineIntervals(alone, "light"))[0]?.error_x).toEqual({ visible: false });
});

test("a horizon beyond the history is left out, and the idea's own stands out", () => {
  const decay = { horizon: [1, 5, 63], ic: [0.2, 0.5, null], lower: [], upper: [], target: 5 };
  const [line] = traces(icDecay(decay, "dark"));
  expect(line).toMatchObject({ x: ["1 bar", "5 bars"], y: [0.2, 0.5] });
  const color = (line as { marker: { color: string[] } }).marker.color;
  expect(color[0]).not.toBe(color[1]);
});

test("the fan has a line a path, their median, and both means of every path", () => {
  const drawn = traces(pathFan(paths(), "dark"));
  expect(drawn.filter(({ name }) => String(name).startsWith("path "))).toHaveLength(3);
  const named = (name: string) => drawn.find((trace) => trace.name === name);
  // Of 0.5, 0.6 and 0.1; and of 0.54 and 0.48, for one path has no such month.
  expect(named("median path")?.y).toEqual([0.5, expect.closeTo(0.51)]);
  expect(named("model")?.y).toEqual([0.52, 0.5, 0.48]);
  expect(named("baseline")?.y).toEqual([0.49, 0.49, 0.49]);
});

test("years add up: costs are taken, interest is shown where there is some", () => {
  const year = { year: 2016, gross: 0.05, cost: 0.01, interest: 0, net: 0.04 };
  const bars = traces(yearAttribution([year], "dark"));
  expect(bars.map(({ name, y }) => [name, y])).toEqual([
    ["before costs", [0.05]],
    ["costs", [-0.01]],
    ["net", [0.04]],
  ]);
  const earning = yearAttribution([{ ...year, interest: 0.002 }], "dark");
  expect(traces(earning).map(({ name }) => name)).toContain("interest");
});

test("sectors are rows and years are columns, whichever way the engine leaves them", () => {
  const found = { year: [2016, 2017], sector: ["Energy"], net: [[0.01], [null]] };
  const [grid] = traces(sectorsByYear(found, "light"));
  expect(grid).toMatchObject({ x: ["2016", "2017"], y: ["Energy"], z: [[0.01, null]] });
  expect(grid?.text).toEqual([["1.0", ""]]);
});

test("a beta's interval comes from its t, and what factors leave stands with them", () => {
  const [beta, yearly] = traces(
    factorExposure(
      { alpha: 0.02, factors: [{ name: "market", beta: 0.5, t: 5, contribution: 0.04 }] },
      "dark",
    ),
  );
  expect(beta?.error_x).toMatchObject({ array: [expect.closeTo(0.196)] });
  expect(yearly).toMatchObject({ y: ["market", "left over (alpha)"], x: [0.04, 0.02] });
});

test("the search as a whole is told in numbers, each with its meaning", () => {
  const lines = snoopingLines(statistics().snooping);
  expect(lines.map(({ name, value }) => [name, value])).toEqual([
    ["White's reality check, p", "0.012"],
    ["Hansen's SPA, p", "0.008"],
    ["Effective trials", "4"],
  ]);
  expect(lines[0]?.meaning).toContain("the best of 12 trials");
  expect(lines[1]?.meaning).toContain("it is 0.004, with all of them 0.012");
  expect(lines[2]?.meaning).toContain("this run's 12 complete trials amount to");
  expect(snoopingLines(null)).toEqual([]);
  const few = Statistics.parse({ snooping: { trials: 0, reason: "there are 0 trials" } }).snooping;
  for (const { value, meaning } of snoopingLines(few)) {
    expect([value, meaning]).toEqual(["–", "Not known: there are 0 trials."]);
  }
});

test("what is not there says what it takes, and nothing is drawn of it", () => {
  const empty = Statistics.parse({
    permutation: { edges: [], counts: [], replicates: 0, reason: "two symbols are too few" },
    overfitting: {
      edges: [],
      counts: [],
      trials: 1,
      combinations: 0,
      in_sample: [],
      out_of_sample: [],
      reason: "there is one trial",
    },
  });
  for (const panels of [luckPanels(null, null), luckPanels(empty, null)]) {
    for (const panel of panels) {
      expect(panel.draw, panel.id).toBeNull();
      expect(panel.told, panel.id).toMatch(/\w+ .*\.$/);
    }
  }
  expect(luckPanels(empty, null)[0]?.told).toContain("two symbols are too few");
  expect(bookPanels(null, null)).toMatchObject([{ id: "headline-intervals", draw: null }]);
});

test("every panel of a whole run draws in both themes, is named once and has words", () => {
  const panels = [
    ...luckPanels(statistics(), paths()),
    ...bookPanels(analytics(), statistics().headline),
  ];
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { id, title, label, draw, told } of panels) {
    expect(
      [title, label].every((words) => words.length > 5),
      id,
    ).toBe(true);
    if (!draw) {
      expect(told, id).toMatch(/\.$/);
      continue;
    }
    for (const theme of ["light", "dark"] as const) {
      const figure = draw(theme);
      expect(JSON.parse(JSON.stringify(figure)), id).toEqual(figure);
      expect(figure.data.length, id).toBeGreaterThan(0);
    }
  }
});

test("the number of trials is told with what they amount to, and many horizons with adjusted p-values", () => {
  const told = luckPanels(statistics(), null);
  expect(told.find(({ id }) => id === "sharpe-against-trials")?.note).toBe(
    "24 trials on this data; the 12 complete ones of this run amount to 3",
  );
  expect(told.find(({ id }) => id === "ic-decay")?.told).toMatch(
    /^Adjusted for the 2 horizons, p is < 0.001 at 1 bar, < 0.001 at 5 that the rank IC is nothing\. /,
  );
  expect(trialsTold(1, { count: null, of: 0 })).toBe("1 trial on this data");
  expect(trialsTold(1200, { count: 1, of: 1 })).toBe("1,200 trials on this data");
});

test("more than is shown may stand in the files, and what is missing is null", () => {
  expect(Statistics.parse({ dispersion: {}, regimes: [] })).toEqual({ headline: {} });
  expect(Statistics.parse({ headline: { sharpe: { value: 1 } } }).headline.sharpe).toEqual({
    value: 1,
    lower: null,
    upper: null,
    reason: null,
  });
  expect(() => Paths.parse({})).toThrow();
});
