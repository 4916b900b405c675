import type { BacktestAnalytics } from "../../contract/artifacts.ts";
import {
  capacityCurve,
  costAndDelay,
  costsSoFar,
  equityWithDrawdown,
  exposureWithTurnover,
  type Figure,
  featureImportance,
  foldTimeline,
  icByMonth,
  monthlyReturns,
  rebalanceAndBreadth,
  rollingSharpe,
  sectorAttribution,
  type Theme,
  trialsByNumber,
  yearFromEachStart,
} from "../../contract/figures/index.ts";
import type { ReportInput } from "./input.ts";

export type FigureId = "ic" | "folds" | "equity" | "importance" | "trials" | BookFigureId;

type BookFigureId =
  | "months"
  | "costs"
  | "exposure"
  | "rolling"
  | "sectors"
  | "capacity"
  | "cost_and_delay"
  | "breadth"
  | "starts";

/** The figures for which the run left something to draw. */
export function reportFigures(
  { charts, ic, analytics, folds, importance, trials, verdict, result }: ReportInput,
  theme: Theme,
): Partial<Record<FigureId, Figure>> {
  const baseline = verdict?.baseline ?? result.metrics?.baseline ?? null;
  return {
    ...(ic && { ic: icByMonth(ic.by_month, baseline, theme) }),
    ...(charts && { equity: equityWithDrawdown(charts.equity, theme) }),
    ...(analytics && bookFigures(analytics, theme)),
    ...(folds && folds.length > 0 && { folds: foldTimeline(folds, theme) }),
    ...(importance &&
      importance.length > 0 && { importance: featureImportance(importance, theme) }),
    ...(trials.some(({ score }) => score !== null) && { trials: trialsByNumber(trials, theme) }),
  };
}

function bookFigures(
  analytics: BacktestAnalytics,
  theme: Theme,
): Partial<Record<BookFigureId, Figure>> {
  const { capacity, attribution, rolling_sharpe, cost_and_delay } = analytics;
  const { rebalance_and_breadth, start_dates } = analytics;
  return {
    months: monthlyReturns(analytics.calendar, theme),
    costs: costsSoFar(analytics.equity, theme),
    exposure: exposureWithTurnover(analytics.exposure, theme),
    ...(rolling_sharpe && { rolling: rollingSharpe(rolling_sharpe, theme) }),
    ...(attribution.sectors.length > 0 && {
      sectors: sectorAttribution(attribution.sectors, theme),
    }),
    ...(capacity && { capacity: capacityCurve(capacity, theme) }),
    ...(cost_and_delay && { cost_and_delay: costAndDelay(cost_and_delay, theme) }),
    ...(rebalance_and_breadth && { breadth: rebalanceAndBreadth(rebalance_and_breadth, theme) }),
    ...(start_dates && { starts: yearFromEachStart(start_dates, theme) }),
  };
}
