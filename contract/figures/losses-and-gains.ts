import { quiet, type Theme } from "./template.ts";

type Cells = readonly (readonly (number | null)[])[];

/**
 * The trace of a grid of losses and gains: red below zero, green above, as strongly either way, and
 * grey where there is nothing in it.
 *
 * @param z a number a row and column, null where there is none
 * @param least what is coloured in full at the least, so that noise alone stays pale
 * @param scaledBy the cells that say how far the colours reach, where not all do
 */
export function lossesAndGains(z: Cells, least: number, theme: Theme, scaledBy: Cells = z) {
  const extreme = Math.max(least, ...scaledBy.flat().map((value) => Math.abs(value ?? 0)));
  return {
    type: "heatmap",
    z,
    zmin: -extreme,
    zmax: extreme,
    textfont: { size: 11 },
    colorscale: [
      [0, theme === "dark" ? "#a8443d" : "#f0a8a2"],
      [0.5, quiet(theme)],
      [1, theme === "dark" ? "#2c7d60" : "#8fd6b9"],
    ],
    showscale: false,
    xgap: 2,
    ygap: 2,
  };
}

/** What stands in cells that are fractions: per cent, and nothing where there is no number. */
export function percents(z: Cells): string[][] {
  return z.map((row) => row.map((value) => (value === null ? "" : (value * 100).toFixed(1))));
}
