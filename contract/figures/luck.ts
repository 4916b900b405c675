import { COLOURS, type Figure, type Theme, template } from "./template.ts";

/** How much of a result luck alone would show. */

export type NullDistribution = {
  /** The idea's mean rank IC. */
  value: number | null;
  /** One more than there are bins. */
  edges: number[];
  counts: number[];
};

/** Mean rank ICs of labels shuffled within their dates, with the idea's as a line. */
export function nullDistribution(found: NullDistribution, theme: Theme): Figure {
  const data: object[] = [
    {
      type: "bar",
      name: "shuffled labels",
      x: middles(found.edges),
      y: found.counts,
      width: widths(found.edges),
      marker: { color: COLOURS.baseline },
      hovertemplate: "rank IC %{x:.4f}: %{y} shuffles<extra></extra>",
    },
  ];
  if (found.value !== null) data.push(upright("the idea", found.value, found.counts));
  const layout = {
    template: template(theme),
    hovermode: "closest",
    bargap: 0,
    margin: { l: 44, r: 12, t: 24, b: 32 },
    xaxis: { title: { text: "mean rank IC" }, zeroline: true },
    yaxis: { title: { text: "shuffles" } },
  };
  return { data, layout };
}

export type Logits = { edges: number[]; counts: number[] };

/**
 * How the trial that was best in one half of the history ranked in the other: logits of its
 * relative rank. The share at 0 and below is the probability of backtest overfitting.
 */
export function overfittingLogits({ edges, counts }: Logits, theme: Theme): Figure {
  const at = middles(edges);
  const part = (name: string, color: string, chosen: (logit: number) => boolean) => ({
    type: "bar",
    name,
    x: at.filter(chosen),
    y: counts.filter((_, bin) => chosen(at[bin] ?? 0)),
    width: at.map((_, bin) => widths(edges)[bin] ?? 0).filter((_, bin) => chosen(at[bin] ?? 0)),
    marker: { color },
    hovertemplate: "logit %{x:.2f}: %{y} combinations<extra></extra>",
  });
  const data = [
    part("in the worse half", COLOURS.bad, (logit) => logit <= 0),
    part("in the better half", COLOURS.model, (logit) => logit > 0),
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    barmode: "overlay",
    bargap: 0,
    xaxis: { title: { text: "logit of the best trial's rank out of sample" }, zeroline: true },
    yaxis: { title: { text: "combinations" } },
  };
  return { data, layout };
}

export type PickedTrials = { in_sample: (number | null)[]; out_of_sample: (number | null)[] };

/** What the trial that was picked in one half came to in the other: on the line, nothing is lost. */
export function pickedTrials(found: PickedTrials, theme: Theme): Figure {
  const known = found.in_sample.filter((value) => value !== null);
  const ends = known.length > 0 ? [Math.min(...known), Math.max(...known)] : [];
  const data = [
    {
      type: "scatter",
      mode: "lines",
      name: "as good as in sample",
      x: ends,
      y: ends,
      line: { color: COLOURS.baseline, width: 1.5, dash: "dot" },
      hoverinfo: "skip",
    },
    {
      type: "scatter",
      mode: "markers",
      name: "a combination of halves",
      x: found.in_sample,
      y: found.out_of_sample,
      marker: { color: COLOURS.model, size: 5, opacity: 0.55 },
      hovertemplate: "in sample %{x:.4f}, out of it %{y:.4f}<extra></extra>",
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: { title: { text: "lift of rank IC in sample" }, showgrid: true },
    yaxis: { title: { text: "out of sample" }, zeroline: true },
  };
  return { data, layout };
}

export type SharpeBar = {
  /** Trials that are answered for. */
  here: number;
  sharpe: number | null;
  /** That the deflated Sharpe ratio must reach. */
  threshold: number;
  count: number[];
  /** Sharpe ratio that the luckiest of so many worthless trials would show. */
  bar: (number | null)[];
  deflated: (number | null)[];
};

/**
 * How the bar rises with the number of trials, against the idea's Sharpe ratio, and below it how
 * likely it is that the idea's is more than that luck.
 */
export function sharpeAgainstTrials(found: SharpeBar, theme: Theme): Figure {
  const ends = [found.count[0] ?? 1, found.count.at(-1) ?? 1];
  const line = (name: string, y: (number | null)[], style: object, more: object = {}) => ({
    type: "scatter",
    mode: "lines",
    name,
    x: y.length === 2 ? ends : found.count,
    y,
    line: style,
    hovertemplate: "%{y:.2f}",
    ...more,
  });
  const dotted = (color: string) => ({ color, width: 1.5, dash: "dot" });
  const data = [
    line("luckiest of so many", found.bar, { color: COLOURS.baseline, width: 2 }),
    ...(found.sharpe === null
      ? []
      : [line("the idea", [found.sharpe, found.sharpe], { color: COLOURS.model, width: 2 })]),
    line(
      "deflated Sharpe",
      found.deflated,
      { color: COLOURS.third, width: 2 },
      { yaxis: "y2", hovertemplate: "%{y:.1%}" },
    ),
    line("needed", [found.threshold, found.threshold], dotted(COLOURS.good), {
      yaxis: "y2",
      hovertemplate: "%{y:.0%}",
    }),
  ];
  const layout = {
    template: template(theme),
    margin: { l: 44, r: 12, t: 36, b: 32 },
    xaxis: {
      type: "log",
      dtick: 1,
      anchor: "y2",
      title: { text: "trials on this data" },
      hoverformat: ",d",
    },
    yaxis: { domain: [0.46, 1], title: { text: "Sharpe a year" }, nticks: 5 },
    yaxis2: { domain: [0, 0.36], title: { text: "probability" }, tickformat: ".0%", range: [0, 1] },
    shapes: [
      {
        type: "line",
        x0: found.here,
        x1: found.here,
        yref: "paper",
        y0: 0,
        y1: 1,
        line: dotted(COLOURS.bad),
      },
    ],
    annotations: [
      {
        // Annotations on a logarithmic axis stand at the exponent, shapes at the value.
        x: Math.log10(found.here),
        // Between the two plots: above them stands the legend, in two rows where it is narrow.
        yref: "paper",
        y: 0.41,
        yanchor: "middle",
        xanchor: "left",
        xshift: 4,
        text: `${found.here} so far`,
        showarrow: false,
        font: { color: COLOURS.bad, size: 11 },
      },
    ],
  };
  return { data, layout };
}

function upright(name: string, at: number, counts: readonly number[]): object {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: [at, at],
    y: [0, Math.max(1, ...counts)],
    line: { color: COLOURS.model, width: 2.5 },
    hovertemplate: `${name}: %{x:.4f}<extra></extra>`,
  };
}

function middles(edges: readonly number[]): number[] {
  return edges.slice(1).map((edge, at) => ((edges[at] ?? edge) + edge) / 2);
}

function widths(edges: readonly number[]): number[] {
  return edges.slice(1).map((edge, at) => edge - (edges[at] ?? edge));
}
