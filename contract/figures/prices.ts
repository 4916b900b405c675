import type { Prices } from "../data.ts";
import { COLOURS, type Figure, quiet, type Theme, template } from "./template.ts";

/** More candles than this are a blur that takes seconds to draw: closes are shown instead. */
export const MOST_CANDLES = 1600;

export type PriceView = {
  kind: "candles" | "close";
  /** ISO days, both inclusive; null: all. */
  range: readonly [string, string] | null;
  /** The day of the bar that somebody came to see. */
  marked: string | null;
};

const MARKS = {
  error: { colour: COLOURS.bad, symbol: "triangle-down" },
  warning: { colour: COLOURS.baseline, symbol: "triangle-down" },
  info: { colour: COLOURS.third, symbol: "circle" },
} as const;

/** A symbol's bars and volume, with a mark above each bar that a finding is about. */
export function priceChart(all: Prices, view: PriceView, theme: Theme): Figure {
  const prices = within(all, view.range);
  const candles = view.kind === "candles" && prices.date.length <= MOST_CANDLES;
  const bars = candles
    ? {
        type: "candlestick",
        name: all.symbol,
        x: prices.date,
        open: prices.open,
        high: prices.high,
        low: prices.low,
        close: prices.close,
        increasing: { line: { color: COLOURS.good, width: 1 }, fillcolor: COLOURS.good },
        decreasing: { line: { color: COLOURS.bad, width: 1 }, fillcolor: COLOURS.bad },
        showlegend: false,
      }
    : {
        type: "scatter",
        mode: "lines",
        name: "close",
        x: prices.date,
        y: prices.close,
        line: { color: COLOURS.model, width: 1.4 },
        hovertemplate: "%{y:.2f}",
        showlegend: false,
      };
  const volume = {
    type: "bar",
    name: "volume",
    x: prices.date,
    y: prices.volume,
    yaxis: "y2",
    marker: { color: theme === "dark" ? "#3a4654" : "#c3ccd6" },
    hovertemplate: "%{y:.3s}",
    showlegend: false,
  };
  const layout = {
    template: template(theme),
    margin: { l: 44, r: 12, t: 8, b: 24 },
    xaxis: {
      type: "date",
      rangeslider: { visible: false },
      rangebreaks: [{ bounds: ["sat", "mon"] }],
      anchor: "y2",
    },
    yaxis: { domain: [0.24, 1] },
    yaxis2: { domain: [0, 0.17], showgrid: false, nticks: 2, tickformat: ".2s" },
    shapes: [...gaps(prices, theme), ...(view.marked ? [mark(view.marked)] : [])],
  };
  return { data: [bars, volume, ...marks(prices)], layout };
}

/** One trace a severity; a mark says the rule and what was found. */
function marks(prices: Prices): object[] {
  const places = new Map(prices.date.map((date, at) => [date, at]));
  const top = Math.max(...prices.high.map((high, at) => high ?? prices.close[at] ?? 0));
  const low = Math.min(...prices.low.map((low, at) => low ?? prices.close[at] ?? top));
  const above = (top - low) * 0.04;
  return (["info", "warning", "error"] as const).flatMap((severity) => {
    const flags = prices.flags.filter(
      (flag) => flag.severity === severity && places.has(flag.date_from),
    );
    if (flags.length === 0) return [];
    const at = flags.map((flag) => places.get(flag.date_from) ?? 0);
    return {
      type: "scatter",
      mode: "markers",
      name: severity,
      x: flags.map((flag) => flag.date_from),
      y: at.map((place) => {
        const value = prices.high[place] ?? prices.close[place];
        return value === null || value === undefined ? null : value + above;
      }),
      text: flags.map((flag) => `${flag.rule.replaceAll("_", " ")}: ${wrapped(flag.detail)}`),
      hovertemplate: "%{text}",
      marker: { color: MARKS[severity].colour, symbol: MARKS[severity].symbol, size: 10 },
    };
  });
}

/** A line through the bar that is looked at, volume included. */
function mark(day: string): object {
  return {
    type: "line",
    xref: "x",
    yref: "paper",
    x0: day,
    x1: day,
    y0: 0,
    y1: 1,
    layer: "below",
    line: { color: COLOURS.model, width: 1.5, dash: "dot" },
  };
}

/** Where bars are missing, or a finding is about several days, the ground is marked. */
function gaps(prices: Prices, theme: Theme): object[] {
  return prices.flags
    .filter((flag) => flag.date_to > flag.date_from || !prices.date.includes(flag.date_from))
    .map((flag) => ({
      type: "rect",
      xref: "x",
      yref: "paper",
      x0: flag.date_from,
      x1: flag.date_to > flag.date_from ? flag.date_to : nextDay(flag.date_from),
      y0: 0,
      y1: 1,
      layer: "below",
      line: { width: 0 },
      fillcolor: flag.severity === "info" ? quiet(theme) : `${MARKS[flag.severity].colour}33`,
    }));
}

function within(prices: Prices, range: PriceView["range"]): Prices {
  if (!range) return prices;
  const [from, to] = range;
  const begin = prices.date.findIndex((date) => date >= from);
  if (begin < 0) return { ...prices, flags: [] };
  const after = prices.date.findIndex((date) => date > to);
  const cut = <T>(values: T[]) => values.slice(begin, after < 0 ? undefined : after);
  return {
    symbol: prices.symbol,
    date: cut(prices.date),
    open: cut(prices.open),
    high: cut(prices.high),
    low: cut(prices.low),
    close: cut(prices.close),
    volume: cut(prices.volume),
    flags: prices.flags.filter(({ date_from, date_to }) => date_to >= from && date_from <= to),
  };
}

function nextDay(iso: string): string {
  return new Date(Date.parse(iso) + 86_400_000).toISOString().slice(0, 10);
}

/** Plotly does not break lines; it does read a little HTML, which a finding must not be. */
function wrapped(text: string): string {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return safe.replace(/(.{40,60}?) /g, "$1<br>");
}
