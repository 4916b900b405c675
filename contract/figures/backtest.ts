import { lossesAndGains, percents } from "./losses-and-gains.ts";
import { sharpeGrid } from "./sharpe-grid.ts";
import { COLOURS, type Figure, type Theme, template } from "./template.ts";

export type EquityCurve = {
  /** ISO days. */
  date: string[];
  /** Growth of 1, net of costs. */
  equity: (number | null)[];
  /** The same before costs; not told by all. */
  gross_equity?: (number | null)[];
  benchmark_equity: (number | null)[];
  /** Fractions, 0 at a peak. */
  drawdown: (number | null)[];
};

/** Equity net of costs, before them and of equal weights; below, how far under its peak it is. */
export function equityWithDrawdown(curve: EquityCurve, theme: Theme): Figure {
  const data = [
    {
      type: "scatter",
      mode: "lines",
      name: "net of costs",
      x: curve.date,
      y: curve.equity,
      line: { color: COLOURS.model, width: 2 },
      hovertemplate: "%{y:.3f}",
    },
    ...(curve.gross_equity
      ? [
          {
            type: "scatter",
            mode: "lines",
            name: "before costs",
            x: curve.date,
            y: curve.gross_equity,
            line: { color: COLOURS.model, width: 1, dash: "dash" },
            hovertemplate: "%{y:.3f}",
          },
        ]
      : []),
    {
      type: "scatter",
      mode: "lines",
      name: "equal weight",
      x: curve.date,
      y: curve.benchmark_equity,
      line: { color: COLOURS.baseline, width: 1.5, dash: "dot" },
      hovertemplate: "%{y:.3f}",
    },
    {
      type: "scatter",
      mode: "lines",
      name: "drawdown",
      x: curve.date,
      y: curve.drawdown,
      yaxis: "y2",
      fill: "tozeroy",
      line: { color: COLOURS.bad, width: 1 },
      fillcolor: "rgba(229,100,91,0.25)",
      hovertemplate: "%{y:.1%}",
      showlegend: false,
    },
  ];
  const layout = {
    template: template(theme),
    xaxis: { type: "date", anchor: "y2" },
    yaxis: { domain: [0.34, 1], title: { text: "growth of 1" } },
    yaxis2: {
      domain: [0, 0.26],
      tickformat: ".0%",
      title: { text: "drawdown" },
      nticks: 4,
    },
  };
  return { data, layout };
}

export type CostCurve = {
  date: string[];
  commission: (number | null)[];
  spread_cost: (number | null)[];
  impact_cost: (number | null)[];
  borrow_cost: (number | null)[];
};

/** What trading has cost so far, each kind on top of the others; shares of equity. */
export function costsSoFar(costs: CostCurve, theme: Theme): Figure {
  const kinds = [
    { name: "spread", values: costs.spread_cost, color: COLOURS.baseline },
    { name: "commission", values: costs.commission, color: COLOURS.third },
    { name: "impact", values: costs.impact_cost, color: COLOURS.bad },
    { name: "borrow", values: costs.borrow_cost, color: COLOURS.good },
  ];
  const data = kinds
    .filter(({ values }) => values.some((value) => value !== null && value !== 0))
    .map(({ name, values, color }) => ({
      type: "scatter",
      mode: "lines",
      name,
      x: costs.date,
      y: values,
      stackgroup: "costs",
      line: { color, width: 1 },
      hovertemplate: "%{y:.2%}",
    }));
  const layout = {
    template: template(theme),
    xaxis: { type: "date" },
    yaxis: { tickformat: ".1%", rangemode: "tozero", title: { text: "of equity" } },
  };
  return { data, layout };
}

export type ExposureCurve = {
  date: string[];
  long: (number | null)[];
  /** Negative. */
  short: (number | null)[];
  net: (number | null)[];
  /** A year. */
  turnover: (number | null)[];
};

/** What the book held for and against, over equity, and below it how much it traded. */
export function exposureWithTurnover(curve: ExposureCurve, theme: Theme): Figure {
  const line = (name: string, y: (number | null)[], color: string, extra: object = {}) => ({
    type: "scatter",
    mode: "lines",
    name,
    x: curve.date,
    y,
    line: { color, width: 1.5 },
    hovertemplate: "%{y:.0%}",
    ...extra,
  });
  const data = [
    line("long", curve.long, COLOURS.model),
    ...(curve.short.some((value) => value) ? [line("short", curve.short, COLOURS.bad)] : []),
    line("net", curve.net, COLOURS.baseline),
    line("turnover a year", curve.turnover, COLOURS.third, {
      yaxis: "y2",
      hovertemplate: "%{y:.1f} ×",
    }),
  ];
  const layout = {
    template: template(theme),
    xaxis: { type: "date", anchor: "y2" },
    yaxis: { domain: [0.42, 1], tickformat: ".0%", title: { text: "of equity" }, nticks: 5 },
    yaxis2: { domain: [0, 0.32], title: { text: "turnover" }, rangemode: "tozero", nticks: 4 },
  };
  return { data, layout };
}

export type MonthlyReturns = {
  year: number[];
  /** A row a year, a column a month. */
  months: (number | null)[][];
  total: (number | null)[];
};

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Net return of each month and, at the right, of each year. */
export function monthlyReturns({ year, months, total }: MonthlyReturns, theme: Theme): Figure {
  const z = months.map((row, at) => [...row, total[at] ?? null]);
  const data = [
    {
      ...lossesAndGains(z, 0.02, theme, months),
      x: [...MONTHS, "year"],
      y: year.map(String),
      text: percents(z),
      texttemplate: "%{text}",
      hoverongaps: false,
      hovertemplate: "%{x} %{y}: %{z:.2%}<extra></extra>",
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    margin: { l: 44, r: 12, t: 28, b: 4 },
    xaxis: { type: "category", side: "top", showgrid: false, ticklen: 0 },
    yaxis: { type: "category", autorange: "reversed", showgrid: false },
  };
  return { data, layout };
}

export type RollingSharpe = {
  date: string[];
  net: (number | null)[];
  benchmark: (number | null)[];
};

/** Yearly Sharpe ratio of a moving window, of the book and of the benchmark. */
export function rollingSharpe(rolling: RollingSharpe, theme: Theme): Figure {
  const line = (name: string, y: (number | null)[], style: object) => ({
    type: "scatter",
    mode: "lines",
    name,
    x: rolling.date,
    y,
    line: style,
    hovertemplate: "%{y:.2f}",
  });
  const data = [
    line("net of costs", rolling.net, { color: COLOURS.model, width: 2 }),
    line("equal weight", rolling.benchmark, { color: COLOURS.baseline, width: 1.5, dash: "dot" }),
  ];
  const layout = {
    template: template(theme),
    xaxis: { type: "date" },
    yaxis: { title: { text: "Sharpe" }, zeroline: true },
  };
  return { data, layout };
}

export type CostAndDelay = { delay: number[]; cost: number[]; sharpe_net: (number | null)[][] };

/** Net Sharpe ratio if trading cost more, or came later: does the edge hang on a thread? */
export function costAndDelay({ delay, cost, sharpe_net }: CostAndDelay, theme: Theme): Figure {
  return sharpeGrid(
    {
      rows: delay.map((bars) => (bars === 1 ? "1 bar" : `${bars} bars`)),
      columns: cost.map((times) => `${times} ×`),
      sharpe: sharpe_net,
      hover: "costs %{x}, %{y} later: Sharpe %{z:.2f}",
      titles: { x: "costs", y: "later" },
    },
    theme,
  );
}
