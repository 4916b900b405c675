import { COLOURS, type Figure, type Theme, template } from "./template.ts";

export type EquityCurve = {
  /** ISO days. */
  date: string[];
  /** Growth of 1, net of costs. */
  equity: (number | null)[];
  benchmark_equity: (number | null)[];
  /** Fractions, 0 at a peak. */
  drawdown: (number | null)[];
};

/** Net equity against the equal-weight benchmark, and below it how far under its peak it is. */
export function equityWithDrawdown(curve: EquityCurve, theme: Theme): Figure {
  const data = [
    {
      type: "scatter",
      mode: "lines",
      name: "net of costs",
      x: curve.date,
      y: curve.equity,
      line: { color: COLOURS.model, width: 2 },
      hovertemplate: "%{y:.3f}",
    },
    {
      type: "scatter",
      mode: "lines",
      name: "equal weight",
      x: curve.date,
      y: curve.benchmark_equity,
      line: { color: COLOURS.baseline, width: 1.5, dash: "dot" },
      hovertemplate: "%{y:.3f}",
    },
    {
      type: "scatter",
      mode: "lines",
      name: "drawdown",
      x: curve.date,
      y: curve.drawdown,
      yaxis: "y2",
      fill: "tozeroy",
      line: { color: COLOURS.bad, width: 1 },
      fillcolor: "rgba(229,100,91,0.25)",
      hovertemplate: "%{y:.1%}",
      showlegend: false,
    },
  ];
  const layout = {
    template: template(theme),
    xaxis: { type: "date", anchor: "y2" },
    yaxis: { domain: [0.34, 1], title: { text: "growth of 1" } },
    yaxis2: {
      domain: [0, 0.26],
      tickformat: ".0%",
      title: { text: "drawdown" },
      nticks: 4,
    },
  };
  return { data, layout };
}
