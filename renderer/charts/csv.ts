import { toCsv } from "../parts/csv.ts";

type ErrorBars = { array?: unknown; arrayminus?: unknown };

/** A trace as Plotly keeps it, as far as its numbers go. */
export type Trace = {
  name?: string;
  x?: unknown;
  y?: unknown;
  z?: unknown;
  error_x?: ErrorBars;
  error_y?: ErrorBars;
};

/**
 * The points of every trace, one a line: trace, x, y and, where the chart has them, z of heat maps,
 * and the ends of intervals.
 */
export function tracesToCsv(traces: readonly Trace[]): string {
  const points = traces.flatMap(pointsOf);
  const columns = (["z", "lower", "upper"] as const).filter((column) =>
    points.some((point) => point[column] !== undefined),
  );
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
  z?: unknown;
  lower?: number | undefined;
  upper?: number | undefined;
};

function pointsOf(trace: Trace): Point[] {
  const name = trace.name ?? "";
  const [x, y] = [list(trace.x), list(trace.y)];
  if (Array.isArray(trace.z)) {
    return list(trace.z).flatMap((line, row) =>
      list(line).map((value, column) => ({ trace: name, x: x[column], y: y[row], z: value })),
    );
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

function sum(value: unknown, width: unknown, sign: 1 | -1): number | undefined {
  const both = typeof value === "number" && typeof width === "number";
  return both ? value + sign * width : undefined;
}

function list(values: unknown): unknown[] {
  if (Array.isArray(values)) return values;
  return ArrayBuffer.isView(values) ? Array.from(values as unknown as ArrayLike<number>) : [];
}
