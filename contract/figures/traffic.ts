import type { Traffic } from "../traffic.ts";
import { COLOURS, type Figure, type Theme, template } from "./template.ts";

/** Plotly shows dates as they are written: in the zone of the one who looks. */
function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function axisOf({ points, point_seconds }: Traffic) {
  const end = (points.at(-1)?.time ?? 0) + point_seconds * 1000;
  return {
    type: "date",
    tickformat: "%H:%M",
    range: [localTime(points[0]?.time ?? 0), localTime(end)],
  };
}

const MARGIN = { l: 40, r: 8, t: 18, b: 20 };

/** Requests a second, those that failed on top in red. */
export function requestRate(traffic: Traffic, theme: Theme): Figure {
  const { points, point_seconds } = traffic;
  const x = points.map(({ time }) => localTime(time));
  const bar = (name: string, color: string, y: number[]) => ({
    type: "bar",
    name,
    x,
    y,
    marker: { color },
    hovertemplate: "%{y:.1f} /s",
  });
  const data = [
    bar(
      "answered",
      COLOURS.model,
      points.map(({ requests, errors }) => (requests - errors) / point_seconds),
    ),
    bar(
      "failed",
      COLOURS.bad,
      points.map(({ errors }) => errors / point_seconds),
    ),
  ];
  const layout = {
    template: template(theme),
    barmode: "stack",
    bargap: 0.1,
    margin: MARGIN,
    xaxis: axisOf(traffic),
    yaxis: { rangemode: "tozero", fixedrange: true, nticks: 4 },
  };
  return { data, layout };
}

/** The median and the 99th percentile of what clients waited. */
export function latencyOverTime(traffic: Traffic, theme: Theme): Figure {
  const { points } = traffic;
  const x = points.map(({ time }) => localTime(time));
  const line = (name: string, color: string, y: (number | null)[]) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x,
    y,
    line: { color, width: 1.6 },
    marker: { size: 4 },
    hovertemplate: "%{y:.2f} ms",
  });
  const data = [
    line(
      "median",
      COLOURS.model,
      points.map(({ p50 }) => p50),
    ),
    line(
      "99th percentile",
      COLOURS.baseline,
      points.map(({ p99 }) => p99),
    ),
  ];
  const layout = {
    template: template(theme),
    margin: MARGIN,
    xaxis: axisOf(traffic),
    yaxis: { rangemode: "tozero", fixedrange: true, nticks: 4, ticksuffix: " ms" },
  };
  return { data, layout };
}
