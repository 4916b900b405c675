import { toCsv } from "../parts/csv.ts";

type ErrorBars = { array?: unknown; arrayminus?: unknown };

/** A trace as Plotly keeps it, as far as its numbers go. */
export type Trace = {
  name?: string;
  x?: unknown;
  y?: unknown;
  z?: unknown;
  /** Of a heat map without axes of its own: what each of its cells is. */
  customdata?: unknown;
  error_x?: ErrorBars;
  error_y?: ErrorBars;
  /** Where a lying bar begins, as a day; its `x` is how long it is, in milliseconds. */
  base?: unknown;
  /** Of a candlestick. */
  open?: unknown;
  high?: unknown;
  low?: unknown;
  close?: unknown;
};

/** What only some charts have. */
const OPTIONAL = ["from", "open", "high", "low", "close", "z", "lower", "upper"] as const;

/**
 * The points of every trace, one a line: trace, x, y and, where the chart has them, the day on which
 * a span that ends at x begins, a bar's prices, z of heat maps, and the ends of intervals.
 */
export function tracesToCsv(traces: readonly Trace[]): string {
  const points = traces.flatMap(pointsOf);
  const columns = OPTIONAL.filter((column) => points.some((point) => point[column] !== undefined));
  const rows = points.map((point) => [
    point.trace,
    point.x,
    point.y,
    ...columns.map((column) => point[column]),
  ]);
  return toCsv(["trace", "x", "y", ...columns], rows);
}

type Point = {
  trace: string;
  x: unknown;
  y: unknown;
} & Partial<Record<(typeof OPTIONAL)[number], unknown>>;

function pointsOf(trace: Trace): Point[] {
  const name = trace.name ?? "";
  const [x, y] = [list(trace.x), list(trace.y)];
  if (Array.isArray(trace.z)) {
    const cells = list(trace.customdata).map(list);
    return list(trace.z).flatMap((line, row) =>
      list(line).flatMap((value, column) =>
        // A cell without a value is not drawn.
        value === null
          ? []
          : { trace: name, x: x[column] ?? cells[row]?.[column], y: y[row], z: value },
      ),
    );
  }
  if (trace.open !== undefined) {
    const [open, high, low, close] = [trace.open, trace.high, trace.low, trace.close].map(list);
    return x.map((day, at) => ({
      trace: name,
      x: day,
      y: undefined,
      open: open?.[at],
      high: high?.[at],
      low: low?.[at],
      close: close?.[at],
    }));
  }
  const base = list(trace.base);
  if (base.length > 0) {
    return x.map((long, at) => ({
      trace: name,
      from: base[at],
      x: dayAfter(base[at], long),
      y: y[at],
    }));
  }
  const [bars, along] = trace.error_x ? [trace.error_x, x] : [trace.error_y, y];
  const up = list(bars?.array);
  // Without a side of its own, an interval is as wide below as above.
  const down = bars?.arrayminus === undefined ? up : list(bars.arrayminus);
  return Array.from({ length: Math.max(x.length, y.length) }, (_, at) => ({
    trace: name,
    x: x[at],
    y: y[at],
    lower: sum(along[at], down[at], -1),
    upper: sum(along[at], up[at], 1),
  }));
}

/** The ISO day so many milliseconds later; a length that is none is left as it is. */
function dayAfter(day: unknown, milliseconds: unknown): unknown {
  const start = typeof day === "string" ? Date.parse(day) : Number.NaN;
  if (Number.isNaN(start) || typeof milliseconds !== "number") return milliseconds;
  return new Date(start + milliseconds).toISOString().slice(0, 10);
}

function sum(value: unknown, width: unknown, sign: 1 | -1): number | undefined {
  const both = typeof value === "number" && typeof width === "number";
  return both ? value + sign * width : undefined;
}

function list(values: unknown): unknown[] {
  if (Array.isArray(values)) return values;
  return ArrayBuffer.isView(values) ? Array.from(values as unknown as ArrayLike<number>) : [];
}
