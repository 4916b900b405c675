import { sharpeGrid } from "./sharpe-grid.ts";
import { COLOURS, type Figure, type Theme, template } from "./template.ts";

/** What a book's result hangs on: capital, choices that somebody made, and the day it began. */

export type CapacityCurve = {
  capital: number[];
  sharpe_net: (number | null)[];
  /** Where the Sharpe ratio is half of a small book's; null where it has no such point. */
  capacity: number | null;
  own_capital: number;
};

/** Net Sharpe ratio against capital, with the idea's capital and its capacity marked. */
export function capacityCurve(curve: CapacityCurve, theme: Theme): Figure {
  const data = [
    {
      type: "scatter",
      mode: "lines+markers",
      name: "net Sharpe",
      x: curve.capital,
      y: curve.sharpe_net,
      line: { color: COLOURS.model, width: 2 },
      hovertemplate: "%{x:,.0f}: Sharpe %{y:.2f}<extra></extra>",
    },
  ];
  const marks = [
    { at: curve.own_capital, text: "the idea", color: COLOURS.baseline },
    ...(curve.capacity === null
      ? []
      : [{ at: curve.capacity, text: "capacity", color: COLOURS.bad }]),
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    showlegend: false,
    margin: { l: 44, r: 12, t: 20, b: 32 },
    xaxis: { type: "log", title: { text: "capital, in the currency of the prices" }, dtick: 1 },
    yaxis: { title: { text: "net Sharpe" }, zeroline: true },
    shapes: marks.map(({ at, color }) => ({
      type: "line",
      x0: at,
      x1: at,
      yref: "paper",
      y0: 0,
      y1: 1,
      line: { color, width: 1.5, dash: "dot" },
    })),
    // Annotations on a logarithmic axis stand at the exponent, shapes at the value.
    annotations: marks.map(({ at, text, color }) => ({
      x: Math.log10(at),
      yref: "paper",
      y: 1,
      yanchor: "bottom",
      text,
      showarrow: false,
      font: { color, size: 11 },
    })),
  };
  return { data, layout };
}

export type RebalanceAndBreadth = {
  rebalance: number[];
  other: "quantile" | "overlap";
  values: number[];
  sharpe_net: (number | null)[][];
};

/** Net Sharpe ratio by how often and how broadly the same predictions are traded. */
export function rebalanceAndBreadth(found: RebalanceAndBreadth, theme: Theme): Figure {
  const bySide = found.other === "quantile";
  return sharpeGrid(
    {
      rows: found.rebalance.map((bars) => `every ${bars}`),
      columns: found.values.map((value) => (bySide ? `${Math.round(value * 100)} %` : `${value}`)),
      sharpe: found.sharpe_net,
      hover: "%{y}, %{x}: Sharpe %{z:.2f}",
      titles: { x: bySide ? "share of symbols a side" : "parts of the book", y: "rebalanced" },
    },
    theme,
  );
}

export type StartDates = {
  date: string[];
  net_return: (number | null)[];
  worst: { date: string; net_return: number };
};

/** Net return of the year that begins on each day; the worst is marked. */
export function yearFromEachStart(starts: StartDates, theme: Theme): Figure {
  const data = [
    {
      type: "scatter",
      mode: "lines",
      name: "the year after",
      x: starts.date,
      y: starts.net_return,
      line: { color: COLOURS.model, width: 2 },
      hovertemplate: "from %{x}: %{y:.1%}<extra></extra>",
    },
    {
      type: "scatter",
      mode: "markers",
      name: "worst",
      x: [starts.worst.date],
      y: [starts.worst.net_return],
      marker: { color: COLOURS.bad, size: 9 },
      hovertemplate: "worst, from %{x}: %{y:.1%}<extra></extra>",
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: { type: "date" },
    yaxis: { tickformat: ".0%", zeroline: true, title: { text: "net return" } },
  };
  return { data, layout };
}
