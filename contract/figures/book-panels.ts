import type { BacktestAnalytics } from "../backtest-analytics.ts";
import type { Statistics } from "../statistics.ts";
import {
  factorExposure,
  sectorAttribution,
  sectorsByYear,
  yearAttribution,
} from "./attribution.ts";
import {
  costAndDelay,
  costsSoFar,
  exposureWithTurnover,
  monthlyReturns,
  rollingSharpe,
} from "./backtest.ts";
import { headlineHeight, headlineIntervals } from "./certainty.ts";
import { capacityCurve, rebalanceAndBreadth, yearFromEachStart } from "./hangs-on.ts";
import type { FigurePanel } from "./panel.ts";
import type { Figure, Theme } from "./template.ts";
import { decimal, share, whole } from "./written.ts";

const HEIGHT = 250;

/** How sure the headline numbers are. */
function headlinePanel(headline: Statistics["headline"] | null): FigurePanel {
  const known = Object.values(headline ?? {}).some(({ value }) => value !== null);
  const why = Object.values(headline ?? {}).find(({ reason }) => reason !== null)?.reason;
  return {
    id: "headline-intervals",
    title: "How sure the numbers are",
    note: known ? "95 % intervals, block bootstrap" : "",
    label: "Each headline number with its 95 % interval",
    height: headline && known ? headlineHeight(headline) : HEIGHT,
    draw: headline && known ? (theme) => headlineIntervals(headline, theme) : null,
    told: known
      ? why
        ? `Some intervals are missing: ${why}.`
        : "Where an interval holds 0, these days alone do not tell the number from nothing."
      : why
        ? `There is nothing to draw here: ${why}.`
        : "Intervals appear here once the run has been judged by this version.",
  };
}

/**
 * How sure a book's numbers are, where its return came from, and what it hangs on.
 *
 * @param analytics null where an earlier version traded it
 * @param headline null where the run has not been judged, or by an earlier version
 */
export function bookPanels(
  analytics: BacktestAnalytics | null,
  headline: Statistics["headline"] | null,
): FigurePanel[] {
  if (!analytics) return [headlinePanel(headline)];
  return [
    headlinePanel(headline),
    costsPanel(analytics),
    monthsPanel(analytics),
    ...course(analytics),
    ...origin(analytics),
    ...robustness(analytics),
  ];
}

function costsPanel({ equity }: BacktestAnalytics): FigurePanel {
  const words = {
    id: "costs",
    title: "Costs so far, by kind",
    note: "sums of daily shares of equity",
    label: "What each kind of cost has taken so far",
    height: 304,
  };
  return hasCosts(equity)
    ? { ...words, draw: (theme) => costsSoFar(equity, theme), told: null }
    : { ...words, draw: null, told: "Nothing was paid: no trade, or an idea without costs." };
}

function monthsPanel({ calendar }: BacktestAnalytics): FigurePanel {
  return {
    id: "monthly-returns",
    title: "Net return by month",
    note: "per cent",
    label: "Net return of each month and year",
    height: 36 + calendar.year.length * 26,
    wide: true,
    draw: calendar.year.length > 0 ? (theme) => monthlyReturns(calendar, theme) : null,
    told: calendar.year.length > 0 ? null : "The book was running on no day.",
  };
}

function course(analytics: BacktestAnalytics): FigurePanel[] {
  const { exposure, rolling_sharpe: rolling, reasons } = analytics;
  return [
    {
      id: "exposure-and-turnover",
      title: "Exposure and turnover",
      note: "at each close",
      label: "Long, short and net exposure, and turnover a year",
      height: HEIGHT,
      draw: (theme) => exposureWithTurnover(exposure, theme),
      told: null,
    },
    {
      id: "rolling-sharpe",
      title: "Rolling Sharpe ratio",
      note: rolling ? `${rolling.bars} bars` : "",
      label: "Yearly Sharpe ratio of a moving window, book and benchmark",
      height: HEIGHT,
      ...drawnIf(rolling, rollingSharpe, reasons.rolling_sharpe),
    },
  ];
}

function origin({ attribution, factors, reasons }: BacktestAnalytics): FigurePanel[] {
  const { sectors, years, by_year } = attribution;
  const named = sectors.length > 0;
  const noSectors = "the data names no sectors";
  return [
    {
      id: "years",
      title: "Attribution by year",
      note: "sums of daily contributions",
      label: "What each year brought before costs, its costs, and what was left",
      height: HEIGHT,
      ...drawnIf(
        years.length > 0 ? years : null,
        yearAttribution,
        "the book was running on no day",
      ),
    },
    {
      id: "sectors",
      title: "Attribution by sector",
      note: "sums of daily contributions",
      label: "Contribution of each sector before costs, and its costs",
      height: tall(sectors.length),
      ...drawnIf(named ? sectors : null, sectorAttribution, noSectors),
    },
    {
      id: "sectors-by-year",
      title: "Sectors in each year",
      note: "net contribution, per cent",
      label: "Net contribution of each sector in each year",
      height: tall(sectors.length),
      ...drawnIf(named ? by_year : null, sectorsByYear, noSectors),
    },
    {
      id: "factors",
      title: "What known factors explain",
      note: factors
        ? `${share(factors.r_squared)} of the variance, ${whole(factors.bars)} bars`
        : "",
      label: "Beta to each known factor with its interval, and what each brought a year",
      height: HEIGHT,
      ...drawnIf(factors, factorExposure, reasons.factors),
      ...(factors && {
        told: `They leave ${share(factors.alpha, 1)} a year (t = ${decimal(factors.alpha_t, 1)}). All are made from this data: money traded stands for size.`,
      }),
    },
  ];
}

function robustness(analytics: BacktestAnalytics): FigurePanel[] {
  const { capacity, cost_and_delay, rebalance_and_breadth, start_dates, offsets } = analytics;
  const { reasons } = analytics;
  return [
    {
      id: "cost-and-delay",
      title: "If trading cost more, or came later",
      note: "net Sharpe ratio",
      label: "Net Sharpe ratio by multiples of the costs and bars of delay",
      height: HEIGHT,
      ...drawnIf(cost_and_delay, costAndDelay, reasons.cost_and_delay),
    },
    {
      id: "rebalance-and-breadth",
      title: "Traded otherwise",
      note: "net Sharpe ratio; a look, not a choice",
      label: "Net Sharpe ratio by rebalance and breadth",
      height: HEIGHT,
      ...drawnIf(rebalance_and_breadth, rebalanceAndBreadth, reasons.rebalance_and_breadth),
    },
    {
      id: "capacity",
      title: "Capacity",
      note: capacity?.capacity
        ? `half the Sharpe ratio at ${whole(capacity.capacity)}`
        : (capacity?.capacity_reason ?? ""),
      label: "Net Sharpe ratio against capital",
      height: HEIGHT,
      ...drawnIf(capacity, capacityCurve, reasons.capacity),
      ...(capacity && {
        told: `Under the square-root law of impact with Y = ${capacity.impact}.`,
      }),
    },
    {
      id: "start-dates",
      title: "The year after each start",
      note: start_dates
        ? `worst ${share(start_dates.worst.net_return, 1)} from ${start_dates.worst.date}; ${share(start_dates.losing)} lost`
        : "",
      label: "Net return of the year that begins on each day",
      height: HEIGHT,
      ...drawnIf(start_dates, yearFromEachStart, reasons.start_dates),
      ...(start_dates && offsets && { told: offsetsTold(offsets) }),
    },
  ];
}

function offsetsTold(offsets: NonNullable<BacktestAnalytics["offsets"]>): string | null {
  const known = offsets.sharpe_net.filter((value) => value !== null);
  if (known.length === 0) return null;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return `With its first signal 0 to ${offsets.offset.length - 1} bars later, the net Sharpe ratio is between ${decimal(least)} and ${decimal(most)}.`;
}

/** A figure of what was found, or the reason why it was not. */
function drawnIf<Found>(
  found: Found | null,
  draw: (found: Found, theme: Theme) => Figure,
  why: string | undefined,
): Pick<FigurePanel, "draw" | "told"> {
  if (found !== null) return { draw: (theme) => draw(found, theme), told: null };
  return {
    draw: null,
    told: `There is nothing to draw here: ${why ?? "the backtest left no such series"}.`,
  };
}

function hasCosts(equity: BacktestAnalytics["equity"]): boolean {
  const { commission, spread_cost, impact_cost, borrow_cost } = equity;
  return [commission, spread_cost, impact_cost, borrow_cost].some((kind) => kind.some(Boolean));
}

/** A line of text a sector. */
function tall(lines: number): number {
  return Math.max(HEIGHT, 60 + lines * 22);
}
