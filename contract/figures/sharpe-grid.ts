import { lossesAndGains } from "./losses-and-gains.ts";
import { type Figure, type Theme, template } from "./template.ts";

/**
 * Net Sharpe ratios of one book under two choices at once.
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
  const data = [
    {
      ...lossesAndGains(sharpe, 0.5, theme),
      x: columns,
      y: rows,
      texttemplate: "%{z:.2f}",
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
