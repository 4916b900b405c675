import { lossesAndGains, percents } from "./losses-and-gains.ts";
import { COLOURS, type Figure, type Theme, template } from "./template.ts";

/** Where a book's return came from. Contributions are sums of daily ones, not compounded. */

export type SectorShare = { name: string; gross: number | null; cost: number | null };

/** What each sector added before costs, and what its costs took. */
export function sectorAttribution(sectors: SectorShare[], theme: Theme): Figure {
  const net = ({ gross, cost }: SectorShare) => (gross ?? 0) - (cost ?? 0);
  const sorted = [...sectors].sort((a, b) => net(b) - net(a));
  const bar = (name: string, x: (number | null)[], color: string) => ({
    type: "bar",
    orientation: "h",
    name,
    y: sorted.map((sector) => sector.name),
    x,
    marker: { color },
    hovertemplate: "%{y}: %{x:.2%}",
  });
  const data = [
    bar(
      "before costs",
      sorted.map(({ gross }) => gross),
      COLOURS.model,
    ),
    bar(
      "costs",
      sorted.map(({ cost }) => negative(cost)),
      COLOURS.bad,
    ),
  ];
  const layout = {
    template: template(theme),
    barmode: "relative",
    hovermode: "closest",
    xaxis: { tickformat: ".1%", showgrid: true, zeroline: true },
    yaxis: { autorange: "reversed", showgrid: false, tickfont: { size: 11 } },
  };
  return { data, layout };
}

export type YearShare = {
  year: number;
  gross: number | null;
  cost: number | null;
  interest: number | null;
  net: number | null;
};

/** What each year brought before costs, what costs took and interest gave, and what was left. */
export function yearAttribution(years: YearShare[], theme: Theme): Figure {
  const at = years.map(({ year }) => String(year));
  const bar = (name: string, y: (number | null)[], color: string) => ({
    type: "bar",
    name,
    x: at,
    y,
    marker: { color },
    hovertemplate: "%{y:.2%}",
  });
  const data = [
    bar(
      "before costs",
      years.map(({ gross }) => gross),
      COLOURS.model,
    ),
    bar(
      "costs",
      years.map(({ cost }) => negative(cost)),
      COLOURS.bad,
    ),
    ...(years.some(({ interest }) => interest)
      ? [
          bar(
            "interest",
            years.map(({ interest }) => interest),
            COLOURS.good,
          ),
        ]
      : []),
    {
      type: "scatter",
      mode: "markers",
      name: "net",
      x: at,
      y: years.map(({ net }) => net),
      marker: {
        color: COLOURS.baseline,
        size: 10,
        symbol: "line-ew-open",
        line: { width: 3, color: COLOURS.baseline },
      },
      hovertemplate: "%{y:.2%}",
    },
  ];
  const layout = {
    template: template(theme),
    barmode: "relative",
    xaxis: { type: "category" },
    yaxis: { tickformat: ".0%", zeroline: true, title: { text: "of equity" } },
  };
  return { data, layout };
}

export type SectorsByYear = {
  year: number[];
  sector: string[];
  /** A row a year, a column a sector. */
  net: (number | null)[][];
};

/** Net contribution of each sector in each year: an edge of one sector or one year shows here. */
export function sectorsByYear({ year, sector, net }: SectorsByYear, theme: Theme): Figure {
  const z = sector.map((_, column) => net.map((row) => row[column] ?? null));
  const data = [
    {
      ...lossesAndGains(z, 0.005, theme),
      x: year.map(String),
      y: sector,
      text: percents(z),
      texttemplate: "%{text}",
      hovertemplate: "%{y}, %{x}: %{z:.2%}<extra></extra>",
    },
  ];
  const layout = {
    template: template(theme),
    hovermode: "closest",
    margin: { l: 44, r: 12, t: 28, b: 4 },
    xaxis: { type: "category", side: "top", showgrid: false, ticklen: 0 },
    yaxis: {
      type: "category",
      autorange: "reversed",
      showgrid: false,
      tickfont: { size: 11 },
    },
  };
  return { data, layout };
}

export type FactorExposure = {
  /** A year. */
  alpha: number | null;
  factors: {
    name: string;
    beta: number | null;
    t: number | null;
    /** Beta times the factor's mean return a year. */
    contribution: number | null;
  }[];
};

/**
 * How the book moves with known factors, with 95 % intervals, and what each brought a year; what
 * they leave is the alpha.
 */
export function factorExposure({ alpha, factors }: FactorExposure, theme: Theme): Figure {
  const data = [
    {
      type: "scatter",
      mode: "markers",
      name: "beta",
      y: factors.map(({ name }) => name),
      x: factors.map(({ beta }) => beta),
      marker: { color: COLOURS.model, size: 9 },
      error_x: {
        type: "data",
        array: factors.map(({ beta, t }) => (beta !== null && t ? 1.96 * Math.abs(beta / t) : 0)),
        color: COLOURS.baseline,
        thickness: 2,
        width: 5,
      },
      customdata: factors.map(({ t }) => t),
      hovertemplate: "%{y}: beta %{x:.2f}, t %{customdata:.1f}<extra></extra>",
      showlegend: false,
    },
    {
      type: "bar",
      orientation: "h",
      name: "a year",
      y: [...factors.map(({ name }) => name), "left over (alpha)"],
      x: [...factors.map(({ contribution }) => contribution), alpha],
      xaxis: "x2",
      yaxis: "y2",
      marker: { color: [...factors.map(() => COLOURS.third), COLOURS.model] },
      hovertemplate: "%{y}: %{x:.2%} a year<extra></extra>",
      showlegend: false,
    },
  ];
  const names = { autorange: "reversed", showgrid: false };
  const layout = {
    template: template(theme),
    hovermode: "closest",
    xaxis: {
      domain: [0, 0.42],
      anchor: "y",
      title: { text: "beta, 95 % interval" },
      showgrid: true,
      zeroline: true,
      zerolinewidth: 2,
      nticks: 5,
    },
    yaxis: { ...names, anchor: "x" },
    xaxis2: {
      domain: [0.68, 1],
      anchor: "y2",
      title: { text: "contribution a year" },
      tickformat: ".0%",
      showgrid: true,
      zeroline: true,
      zerolinewidth: 2,
      nticks: 4,
    },
    yaxis2: { ...names, anchor: "x2" },
  };
  return { data, layout };
}

function negative(cost: number | null): number | null {
  return cost === null ? null : -cost;
}
