import type { Regime, VerdictNotes } from "../artifacts.ts";
import type { FigurePanel } from "./panel.ts";
import { COLOURS, type Figure, quiet, type Theme, template } from "./template.ts";

const ROW = 30;

/** A state of the market as a person would call it. */
export function regimeName({ kind, name }: Pick<Regime, "kind" | "name">): string {
  if (kind === "year") return name;
  return kind === "volatility" ? `${name} volatility` : `${name} market`;
}

/** Where the idea fails: its lift in each state of the market. */
export function regimePanel(regimes: VerdictNotes["regimes"]): FigurePanel {
  const rows = regimes?.rows.filter(({ lift }) => lift.value != null) ?? [];
  return {
    id: "regimes",
    title: "Where it fails",
    note: "lift over the baseline, by what was known of the market at the time",
    label: "Mean lift in each state of the market, with its 95 % interval",
    height: 60 + rows.length * ROW,
    wide: true,
    draw: rows.length > 0 ? (theme) => regimeLifts(rows, theme) : null,
    told:
      rows.length > 0
        ? `States overlap, and of ${rows.length} intervals one in twenty misses the truth by luck; the p-values in the table are adjusted for that. Fewer than ${regimes?.min_days} days have no interval. ${told(regimes?.kinds)}`
        : "The history is too short to tell states of the market apart, or an earlier version judged it.",
  };
}

function told(kinds: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(kinds).map(([kind, meaning]) => `${kind} is the ${meaning}`);
  return lines.length > 0 ? `Here ${lines.join("; ")}.` : "";
}

/** A dot and an interval for each state; the line is no lift at all. */
export function regimeLifts(rows: readonly Regime[], theme: Theme): Figure {
  const { layout } = template(theme);
  const reach = (side: "lower" | "upper") =>
    rows.map(({ lift }) => Math.abs((lift[side] ?? lift.value ?? 0) - (lift.value ?? 0)));
  return {
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: rows.map(({ lift }) => lift.value),
        y: rows.map(regimeName),
        customdata: rows.map(({ days }) => days),
        marker: {
          size: 9,
          color: rows.map(({ lift }) => ((lift.value ?? 0) > 0 ? COLOURS.model : COLOURS.bad)),
        },
        error_x: {
          type: "data",
          symmetric: false,
          array: reach("upper"),
          arrayminus: reach("lower"),
          color: COLOURS.baseline,
          thickness: 2,
          width: 5,
        },
        hovertemplate: "%{y}: %{x:.3f}, %{customdata} days<extra></extra>",
      },
    ],
    layout: {
      ...layout,
      showlegend: false,
      hovermode: "closest",
      xaxis: { ...(layout.xaxis as object), tickformat: ".3f", showgrid: true },
      yaxis: { ...(layout.yaxis as object), autorange: "reversed", type: "category" },
      shapes: [
        {
          type: "line",
          xref: "x",
          x0: 0,
          x1: 0,
          yref: "paper",
          y0: 0,
          y1: 1,
          line: { color: quiet(theme), width: 2 },
        },
      ],
    },
  };
}
