import { toCsv } from "../parts/csv.ts";

/** A trace as Plotly keeps it, as far as its numbers go. */
export type Trace = { name?: string; x?: unknown; y?: unknown; z?: unknown };

/** The points of every trace, one a line: trace, x, y and, for heat maps, z. */
export function tracesToCsv(traces: readonly Trace[]): string {
  const rows = traces.flatMap((trace) => {
    const name = trace.name ?? "";
    const [x, y] = [list(trace.x), list(trace.y)];
    if (Array.isArray(trace.z)) {
      return list(trace.z).flatMap((line, row) =>
        list(line).map((value, column) => [name, x[column], y[row], value]),
      );
    }
    return Array.from({ length: Math.max(x.length, y.length) }, (_, at) => [name, x[at], y[at]]);
  });
  const flat = rows.every((row) => row.length === 3);
  return toCsv(flat ? ["trace", "x", "y"] : ["trace", "x", "y", "z"], rows);
}

function list(values: unknown): unknown[] {
  if (Array.isArray(values)) return values;
  return ArrayBuffer.isView(values) ? Array.from(values as unknown as ArrayLike<number>) : [];
}
