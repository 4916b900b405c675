import { COLOURS, type Figure, quiet, type Theme, template } from "./template.ts";

/** How sure a number is, and for how long it holds. */

export type Interval = { value: number | null; lower: number | null; upper: number | null };

/** `format` is that of the ticks. */
type Shown = { name: string; title: string; format: string };

const HEADLINES: Shown[] = [
  { name: "annual_return", title: "return a year", format: ".1~%" },
  { name: "annual_volatility", title: "volatility a year", format: ".1~%" },
  { name: "sharpe", title: "Sharpe, net", format: ".1~f" },
  { name: "max_drawdown", title: "largest drawdown", format: ".1~%" },
  { name: "calmar", title: "Calmar", format: ".1~f" },
  { name: "hit_rate", title: "days that gained", format: ".1~%" },
  { name: "icir", title: "ICIR of a day", format: ".1~f" },
];

/** The headline numbers for which there is something to draw. */
function drawable(headline: Readonly<Record<string, Interval | undefined>>) {
  return HEADLINES.flatMap((shown) => {
    const found = headline[shown.name];
    return found && found.value !== null ? [{ ...shown, ...found, value: found.value }] : [];
  });
}

/** Pixels that the headline numbers take. */
export function headlineHeight(headline: Readonly<Record<string, Interval | undefined>>): number {
  return 28 + drawable(headline).length * 46;
}

/** Each headline number with its 95 % interval, on a scale of its own that shows 0 if it is near. */
export function headlineIntervals(
  headline: Readonly<Record<string, Interval | undefined>>,
  theme: Theme,
): Figure {
  const rows = drawable(headline);
  const data: object[] = [];
  const axes: Record<string, unknown> = {};
  for (const [row, { name, title, format, value, lower, upper }] of rows.entries()) {
    const suffix = row === 0 ? "" : String(row + 1);
    const top = 1 - row / rows.length;
    const both = lower !== null && upper !== null;
    data.push({
      type: "scatter",
      mode: "markers",
      name: title,
      x: [value],
      y: [title],
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
      marker: { color: COLOURS.model, size: 9 },
      error_x: both
        ? {
            type: "data",
            symmetric: false,
            array: [upper - value],
            arrayminus: [value - lower],
            color: COLOURS.baseline,
            thickness: 2,
            width: 5,
          }
        : { visible: false },
      hovertemplate: both
        ? `${title}: ${written(value, format)}, from ${written(lower, format)} to ${written(upper, format)}<extra></extra>`
        : `${title}: ${written(value, format)}<extra></extra>`,
      showlegend: false,
    });
    axes[`xaxis${suffix}`] = {
      anchor: `y${suffix}`,
      tickformat: format,
      nticks: 5,
      showgrid: true,
      zeroline: true,
      zerolinewidth: 2,
      rangemode: name === "hit_rate" || name === "annual_volatility" ? "normal" : "tozero",
    };
    axes[`yaxis${suffix}`] = {
      anchor: `x${suffix}`,
      domain: [top - 0.5 / rows.length, top - 0.06 / rows.length],
      showgrid: false,
      fixedrange: true,
    };
  }
  const layout = {
    template: template(theme),
    hovermode: "closest",
    margin: { l: 116, r: 20, t: 4, b: 4 },
    ...axes,
  };
  return { data, layout };
}

export type IcDecay = {
  /** Bars. */
  horizon: number[];
  ic: (number | null)[];
  lower: (number | null)[];
  upper: (number | null)[];
  /** The horizon that the idea predicts. */
  target: number;
};

/** The same predictions ranked against what came of ever longer horizons, with 95 % intervals. */
export function icDecay(found: IcDecay, theme: Theme): Figure {
  const known = found.horizon
    .map((horizon, at) => ({
      horizon,
      ic: found.ic[at] ?? null,
      lower: found.lower[at] ?? null,
      upper: found.upper[at] ?? null,
    }))
    .filter(({ ic }) => ic !== null);
  const data = [
    {
      type: "scatter",
      mode: "lines+markers",
      name: "rank IC, 95 % interval",
      x: known.map(({ horizon }) => inBars(horizon)),
      y: known.map(({ ic }) => ic),
      line: { color: quiet(theme), width: 2 },
      marker: {
        size: known.map(({ horizon }) => (horizon === found.target ? 11 : 8)),
        color: known.map(({ horizon }) =>
          horizon === found.target ? COLOURS.model : COLOURS.third,
        ),
      },
      error_y: {
        type: "data",
        symmetric: false,
        array: known.map(({ ic, upper }) => (upper === null ? 0 : upper - (ic ?? 0))),
        arrayminus: known.map(({ ic, lower }) => (lower === null ? 0 : (ic ?? 0) - lower)),
        color: COLOURS.baseline,
        thickness: 1.5,
        width: 5,
      },
      customdata: known.map(({ lower, upper }) => [lower, upper]),
      hovertemplate:
        "%{x}: %{y:.4f}, from %{customdata[0]:.4f} to %{customdata[1]:.4f}<extra></extra>",
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    showlegend: false,
    xaxis: { type: "category", title: { text: "horizon of the label" } },
    yaxis: { title: { text: "rank IC" }, rangemode: "tozero", zeroline: true },
  };
  return { data, layout };
}

export type RecombinedPaths = {
  /** First day of each month, ISO. */
  month: string[];
  paths: {
    path: number;
    rank_ic: number | null;
    baseline_rank_ic: number | null;
    by_month: (number | null)[];
  }[];
};

/**
 * The fan of recombined histories: each path's rank IC by month, the median of them, and beside it
 * each path's mean against the baseline's on the same path.
 */
export function pathFan({ month, paths }: RecombinedPaths, theme: Theme): Figure {
  const data: object[] = paths.map(({ path, by_month }) => ({
    type: "scatter",
    mode: "lines",
    name: `path ${path + 1}`,
    x: month,
    y: by_month,
    line: { color: COLOURS.model, width: 1 },
    opacity: Math.max(0.12, Math.min(0.5, 6 / paths.length)),
    hoverinfo: "skip",
    showlegend: false,
  }));
  data.push({
    type: "scatter",
    mode: "lines",
    name: "median path",
    x: month,
    y: month.map((_, at) => median(paths.map(({ by_month }) => by_month[at] ?? null))),
    line: { color: COLOURS.model, width: 2.5 },
    hovertemplate: "%{x|%B %Y}: median %{y:.3f}<extra></extra>",
  });
  const whole = (name: string, values: (number | null)[], color: string) => ({
    type: "box",
    name,
    x: values.map(() => name),
    y: values,
    xaxis: "x2",
    boxpoints: "all",
    pointpos: 0,
    jitter: 0.5,
    marker: { color, size: 4 },
    line: { color, width: 1.5 },
    fillcolor: "rgba(0,0,0,0)",
    hovertemplate: `${name}: %{y:.4f}<extra></extra>`,
    showlegend: false,
  });
  data.push(
    whole(
      "model",
      paths.map(({ rank_ic }) => rank_ic),
      COLOURS.model,
    ),
    whole(
      "baseline",
      paths.map(({ baseline_rank_ic }) => baseline_rank_ic),
      COLOURS.baseline,
    ),
  );
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: { type: "date", domain: [0, 0.76] },
    xaxis2: { type: "category", domain: [0.8, 1], showgrid: false },
    yaxis: { title: { text: "rank IC" }, zeroline: true },
  };
  return { data, layout };
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = known.length / 2;
  const [low, high] = [known[Math.ceil(middle) - 1], known[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function written(value: number, format: string): string {
  return format.endsWith("%") ? `${(value * 100).toFixed(1)}%` : value.toFixed(2);
}

function inBars(horizon: number): string {
  return horizon === 1 ? "1 bar" : `${horizon} bars`;
}
