import { COLOURS, type Figure, quiet, type Theme, template } from "./template.ts";

export type FeatureShare = { feature: string; importance: number };

/** The features that weigh most in the final model, the heaviest on top. */
export function featureImportance(all: FeatureShare[], theme: Theme, top = 20): Figure {
  const total = all.reduce((sum, { importance }) => sum + importance, 0) || 1;
  const heaviest = [...all].sort((a, b) => b.importance - a.importance).slice(0, top);
  const data = [
    {
      type: "bar",
      orientation: "h",
      x: heaviest.map(({ importance }) => importance / total),
      y: heaviest.map(({ feature }) => feature),
      marker: { color: COLOURS.model },
      hovertemplate: "%{y}: %{x:.1%}<extra></extra>",
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    showlegend: false,
    xaxis: { tickformat: ".0%", showgrid: true, rangemode: "tozero" },
    yaxis: { autorange: "reversed", showgrid: false, tickfont: { size: 11 } },
  };
  return { data, layout };
}

export type TrialPoint = { number: number; engine: string; state: string; score: number | null };

/** Every trial's score by engine in the order in which they were run, and the best until then. */
export function trialsByNumber(trials: TrialPoint[], theme: Theme): Figure {
  const scored = trials.filter((trial) => trial.score !== null);
  const engines = [...new Set(scored.map(({ engine }) => engine))].sort();
  const colours = [COLOURS.model, COLOURS.good, COLOURS.third, COLOURS.baseline];
  let best = Number.NEGATIVE_INFINITY;
  const data: object[] = [
    {
      type: "scatter",
      mode: "lines",
      name: "best so far",
      x: scored.map(({ number }) => number),
      y: scored.map(({ score }) => {
        best = Math.max(best, score ?? best);
        return best;
      }),
      line: { color: quiet(theme), width: 2, shape: "hv" },
      hoverinfo: "skip",
    },
    ...engines.map((engine, at) => {
      const own = scored.filter((trial) => trial.engine === engine);
      return {
        type: "scatter",
        mode: "markers",
        name: engine.replaceAll("_", " "),
        x: own.map(({ number }) => number),
        y: own.map(({ score }) => score),
        marker: {
          color: colours[at % colours.length],
          size: 7,
          symbol: own.map(({ state }) => (state === "complete" ? "circle" : "circle-open")),
        },
        text: own.map(({ state }) => state),
        hovertemplate: "trial %{x}: %{y:.4f} (%{text})",
      };
    }),
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: { title: { text: "trial" }, dtick: scored.length > 30 ? 10 : 5 },
    yaxis: { title: { text: "rank IC" } },
  };
  return { data, layout };
}
