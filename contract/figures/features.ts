import { COLOURS, type Figure, type Theme, template } from "./template.ts";

export type FeatureStanding = {
  name: string;
  kept: boolean;
  /** Mean daily rank IC on the training days. */
  score: number | null;
  /** Share of blocks of time in which the sign of its IC is the same. */
  stability: number | null;
};

/** How strong each feature is alone against how steady: what was kept stands out. */
export function featureStability(features: readonly FeatureStanding[], theme: Theme): Figure {
  const known = features.filter(({ score, stability }) => score !== null && stability !== null);
  const groups = [
    { name: "dropped", kept: false, color: COLOURS.baseline, symbol: "circle-open" },
    { name: "kept", kept: true, color: COLOURS.model, symbol: "circle" },
  ];
  const data = groups.map(({ name, kept, color, symbol }) => {
    const own = known.filter((feature) => feature.kept === kept);
    return {
      type: "scatter",
      mode: "markers",
      name,
      x: own.map(({ score }) => score),
      y: own.map(({ stability }) => stability),
      text: own.map((feature) => feature.name),
      marker: { color, symbol, size: 7 },
      hovertemplate: "%{text}: rank IC %{x:.3f}, steady in %{y:.0%}<extra></extra>",
    };
  });
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: { title: { text: "rank IC alone" }, zeroline: true, showgrid: true },
    yaxis: { title: { text: "same sign in" }, tickformat: ".0%", range: [-0.03, 1.06] },
  };
  return { data, layout };
}

export type Correlations = {
  names: string[];
  /** Of pooled daily ranks, -1 to 1; row and column in the order of the names. */
  values: (number | null)[][];
};

/** How the kept features move together: a block of colour is one thing told several times. */
export function featureCorrelation({ names, values }: Correlations, theme: Theme): Figure {
  const middle = theme === "dark" ? "#151a21" : "#ffffff";
  const data = [
    {
      type: "heatmap",
      x: names,
      y: names,
      z: values,
      zmin: -1,
      zmax: 1,
      colorscale: [
        [0, COLOURS.baseline],
        [0.5, middle],
        [1, COLOURS.model],
      ],
      xgap: 1,
      ygap: 1,
      hovertemplate: "%{y} and %{x}: %{z:.2f}<extra></extra>",
      colorbar: { thickness: 8, outlinewidth: 0, tickvals: [-1, 0, 1], len: 0.6, x: 1.01 },
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: { showgrid: false, showticklabels: names.length <= 24, tickangle: -60 },
    yaxis: {
      showgrid: false,
      autorange: "reversed",
      tickfont: { size: 10 },
      showticklabels: names.length <= 40,
    },
  };
  return { data, layout };
}
