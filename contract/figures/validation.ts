import { COLOURS, type Figure, quiet, type Theme, template } from "./template.ts";

export type IcByMonth = {
  /** First day of each month, ISO. */
  month: string[];
  model: (number | null)[];
  baselines: Record<string, (number | null)[]>;
};

/** Mean daily rank IC of each month, the model as bars against one baseline as a line. */
export function icByMonth(ic: IcByMonth, baseline: string | null, theme: Theme): Figure {
  const data: object[] = [
    {
      type: "bar",
      name: "model",
      x: ic.month,
      y: ic.model,
      marker: { color: COLOURS.model },
      hovertemplate: "%{y:.3f}",
    },
  ];
  const values = baseline === null ? undefined : ic.baselines[baseline];
  if (values) {
    data.push({
      type: "scatter",
      mode: "lines",
      name: `${baselineName(baseline ?? "")} baseline`,
      x: ic.month,
      y: values,
      line: { color: COLOURS.baseline, width: 2 },
      hovertemplate: "%{y:.3f}",
    });
  }
  const layout = {
    template: template(theme),
    xaxis: { type: "date", hoverformat: "%B %Y" },
    yaxis: { title: { text: "rank IC" }, zeroline: true },
  };
  return { data, layout };
}

export type FoldScores = {
  name: string;
  kind: "ensemble" | "trial" | "baseline";
  /** Mean daily rank IC in each fold, in order. */
  fold_rank_ic: (number | null)[];
};

/** What each of several models ranked in each fold: the model filled, its baselines beside it. */
export function icByFold(compared: FoldScores[], theme: Theme): Figure {
  const baselines = [COLOURS.baseline, COLOURS.third, COLOURS.good];
  let next = 0;
  const data = compared.map(({ name, kind, fold_rank_ic }) => ({
    type: "bar",
    name: kind === "baseline" ? `${baselineName(name)} baseline` : "model",
    x: fold_rank_ic.map((_, fold) => `fold ${fold + 1}`),
    y: fold_rank_ic,
    marker: { color: kind === "baseline" ? baselines[next++ % baselines.length] : COLOURS.model },
    hovertemplate: "%{y:.3f}",
  }));
  const layout = {
    template: template(theme),
    barmode: "group",
    bargroupgap: 0.1,
    xaxis: { type: "category" },
    yaxis: { title: { text: "rank IC" }, zeroline: true },
  };
  return { data, layout };
}

export type IcDistribution = {
  /** One more than there are bins. */
  edges: number[];
  model: number[];
  baselines: Record<string, number[]>;
};

/** On how many days the rank IC was how high: a good mean made of a few days shows here. */
export function icDistribution(
  { edges, model, baselines }: IcDistribution,
  baseline: string | null,
  theme: Theme,
): Figure {
  const middles = model.map((_, at) => ((edges[at] ?? 0) + (edges[at + 1] ?? 0)) / 2);
  const other = baseline === null ? undefined : baselines[baseline];
  const bars = (name: string, y: number[], color: string, opacity: number) => ({
    type: "bar",
    name,
    x: middles,
    y,
    marker: { color, opacity },
    hovertemplate: "%{y} days",
  });
  const data = [
    ...(other
      ? [bars(`${baselineName(baseline ?? "")} baseline`, other, COLOURS.baseline, 0.8)]
      : []),
    bars("model", model, COLOURS.model, other ? 0.75 : 1),
  ];
  const layout = {
    template: template(theme),
    barmode: "overlay",
    bargap: 0.05,
    xaxis: { title: { text: "rank IC of a day" }, tickformat: ".2f", zeroline: true },
    yaxis: { title: { text: "days" } },
  };
  return { data, layout };
}

/** A baseline as people write it: `har` is an acronym, `last_value` is two words. */
export function baselineName(name: string): string {
  return name.length <= 3 ? name.toUpperCase() : name.replaceAll("_", " ");
}

/** One fold of the walk-forward; days are ISO and inclusive. */
export type FoldWindow = {
  fold: number;
  train_start: string;
  train_end: string;
  /** Last day whose label would have reached into the test window. */
  purge_end: string;
  test_start: string;
  test_end: string;
  /** One for each part of the symbols, where these are held out. */
  parts?: readonly unknown[] | undefined;
};

/** That symbols or sectors were held out, in a sentence; null where the folds have no parts. */
export function heldOutNote(
  holdOut: "symbol" | "sector" | undefined,
  folds: readonly FoldWindow[],
): string | null {
  const parts = Math.max(0, ...folds.map((fold) => fold.parts?.length ?? 0));
  if (holdOut === undefined || parts === 0) return null;
  return `Each test window is predicted in ${parts} parts, by models that were trained on no row of the part's own ${holdOut}s.`;
}

/**
 * Each fold's windows on one line: what was trained on, what purge and embargo leave out, what was
 * tested on.
 */
export function foldTimeline(folds: FoldWindow[], theme: Theme): Figure {
  const lanes = folds.map(({ fold }) => `fold ${fold + 1}`);
  const spans = [
    {
      name: "train",
      color: quiet(theme),
      from: (fold: FoldWindow) => fold.train_start,
      to: (fold: FoldWindow) => fold.train_end,
    },
    {
      name: "purge",
      color: COLOURS.bad,
      from: (fold: FoldWindow) => fold.train_end,
      to: (fold: FoldWindow) => fold.purge_end,
    },
    {
      name: "embargo",
      color: COLOURS.baseline,
      from: (fold: FoldWindow) => fold.purge_end,
      to: (fold: FoldWindow) => fold.test_start,
    },
    {
      name: "test",
      color: COLOURS.model,
      from: (fold: FoldWindow) => fold.test_start,
      to: (fold: FoldWindow) => fold.test_end,
    },
  ];
  const data = spans.map(({ name, color, from, to }) => ({
    type: "bar",
    orientation: "h",
    name,
    y: lanes,
    base: folds.map(from),
    x: folds.map((fold) => Date.parse(to(fold)) - Date.parse(from(fold))),
    marker: { color },
    customdata: folds.map((fold) => [from(fold), to(fold)]),
    hovertemplate: `${name}: %{customdata[0]} to %{customdata[1]}<extra></extra>`,
  }));
  const layout = {
    template: template(theme),
    barmode: "overlay",
    hovermode: "closest",
    xaxis: { type: "date", showgrid: true },
    yaxis: { autorange: "reversed", showgrid: false },
  };
  return { data, layout };
}
