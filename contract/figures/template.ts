/** A chart as Plotly takes it. Figures are plain JSON: any shell, page or notebook can draw one. */
export type Figure = { data: object[]; layout: Record<string, unknown> };

export type Theme = "light" | "dark";

/** The colours that mean something; the same in both themes. */
export const COLOURS = {
  model: "#4c9aff",
  good: "#3fb68b",
  third: "#b58cff",
  baseline: "#e0a63a",
  bad: "#e5645b",
} as const;

const INKS = {
  light: { ink: "#16202c", muted: "#5b6876", line: "#dfe3e8", panel: "#ffffff", raised: "#e6eaef" },
  dark: { ink: "#e6ebf1", muted: "#8b98a7", line: "#262f3a", panel: "#151a21", raised: "#2a333f" },
} as const;

/** The one template of every chart of the workbench. */
export function template(theme: Theme): { layout: Record<string, unknown> } {
  const { ink, muted, line, panel } = INKS[theme];
  const axis = {
    gridcolor: line,
    linecolor: line,
    zerolinecolor: line,
    tickcolor: line,
    tickfont: { color: muted, size: 11 },
    title: { font: { color: muted, size: 11 }, standoff: 8 },
    automargin: true,
  };
  return {
    layout: {
      font: {
        family: 'Inter, "Segoe UI", system-ui, "DejaVu Sans", sans-serif',
        size: 12,
        color: ink,
      },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: Object.values(COLOURS),
      margin: { l: 44, r: 12, t: 8, b: 32 },
      xaxis: { ...axis, showgrid: false },
      yaxis: axis,
      hoverlabel: { bgcolor: panel, bordercolor: line, font: { color: ink, size: 12 } },
      legend: {
        orientation: "h",
        x: 0,
        y: 1.02,
        yanchor: "bottom",
        font: { color: muted, size: 11 },
      },
      hovermode: "x unified",
      bargap: 0.3,
    },
  };
}

/** The colour of what stands in the background, such as a training window. */
export function quiet(theme: Theme): string {
  return INKS[theme].raised;
}
