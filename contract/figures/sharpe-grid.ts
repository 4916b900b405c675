import { type Figure, quiet, type Theme, template } from "./template.ts";

/**
 * Net Sharpe ratios of one book under two choices at once: red below zero, green above, as strongly
 * either way, and grey where there is nothing in it.
 *
 * @param rows names of the lines of `sharpe`, from the top
 * @param columns names of its columns
 * @param sharpe a number a row and column, null where there is none
 * @param hover what is said at a cell, of %{x}, %{y} and %{z}
 */
export function sharpeGrid(
  {
    rows,
    columns,
    sharpe,
    hover,
    titles,
  }: {
    rows: readonly string[];
    columns: readonly string[];
    sharpe: readonly (readonly (number | null)[])[];
    hover: string;
    titles: { x: string; y: string };
  },
  theme: Theme,
): Figure {
  const extreme = Math.max(0.5, ...sharpe.flat().map((value) => Math.abs(value ?? 0)));
  const data = [
    {
      type: "heatmap",
      x: columns,
      y: rows,
      z: sharpe,
      zmin: -extreme,
      zmax: extreme,
      texttemplate: "%{z:.2f}",
      textfont: { size: 11 },
      colorscale: [
        [0, theme === "dark" ? "#a8443d" : "#f0a8a2"],
        [0.5, quiet(theme)],
        [1, theme === "dark" ? "#2c7d60" : "#8fd6b9"],
      ],
      showscale: false,
      xgap: 2,
      ygap: 2,
      hovertemplate: `${hover}<extra></extra>`,
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: { type: "category", title: { text: titles.x }, showgrid: false },
    yaxis: {
      type: "category",
      autorange: "reversed",
      title: { text: titles.y },
      showgrid: false,
    },
  };
  return { data, layout };
}
