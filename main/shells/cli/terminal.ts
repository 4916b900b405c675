import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Text with a style where standard error or output is a terminal that wants colour. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout) {
  return styleText(style, text, { stream });
}

/** Rows as aligned columns; numbers to the right. Widths count characters as a terminal shows them. */
export function table(head: string[], rows: (string | number | null)[][]): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))));
  const right = head.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [styled("dim", line(head)), ...cells.map(line)].join("\n");
}

export function seconds(value: number): string {
  if (value < 60) return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

export function decimal(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? "–" : value.toFixed(digits);
}

export const count = (value: number) => value.toLocaleString("en-US");

const BARS = "▁▂▃▄▅▆▇█";

/** A series as one line of blocks, its lowest value the lowest block. */
export function sparkline(values: number[], width = 60): string {
  if (values.length === 0) return "";
  const step = Math.max(1, values.length / width);
  const picked = Array.from(
    { length: Math.min(width, values.length) },
    (_, index) => values[Math.min(values.length - 1, Math.floor((index + 1) * step) - 1)] ?? 0,
  );
  const low = Math.min(...picked);
  const range = Math.max(...picked) - low || 1;
  return picked
    .map((value) => BARS[Math.round(((value - low) / range) * (BARS.length - 1))])
    .join("");
}
