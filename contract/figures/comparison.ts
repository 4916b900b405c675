import { COLOURS, type Figure, type Theme, template } from "./template.ts";

/** A curve of several in one picture. */
export type NamedCurve = { name: string; date: string[]; equity: (number | null)[] };

const LINES = Object.values(COLOURS);
const DASHES = ["solid", "dash", "dot"] as const;

/** The colour and dash of a curve by its place, for the picture and for what stands beside it. */
export function lineOf(position: number): { color: string; dash: (typeof DASHES)[number] } {
  return {
    color: LINES[position % LINES.length] ?? COLOURS.model,
    dash: DASHES[Math.floor(position / LINES.length) % DASHES.length] ?? "solid",
  };
}

/** Net equity of several runs over the same days. */
export function equityOverlay(curves: readonly NamedCurve[], theme: Theme): Figure {
  const data = curves.map(({ name, date, equity }, position) => ({
    type: "scatter",
    mode: "lines",
    name: name.length > 40 ? `${name.slice(0, 39)}…` : name,
    x: date,
    y: equity,
    line: { ...lineOf(position), width: 1.8 },
    hovertemplate: "%{y:.3f}",
  }));
  const layout = {
    template: template(theme),
    xaxis: { type: "date" },
    yaxis: { title: { text: "growth of 1" } },
  };
  return { data, layout };
}
