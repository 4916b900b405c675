import {
  equityWithDrawdown,
  type Figure,
  featureImportance,
  foldTimeline,
  icByMonth,
  type Theme,
  trialsByNumber,
} from "../../contract/figures/index.ts";
import type { ReportInput } from "./input.ts";

export type FigureId = "ic" | "folds" | "equity" | "importance" | "trials";

/** The figures for which the run left something to draw. */
export function reportFigures(
  { charts, ic, folds, importance, trials, verdict, result }: ReportInput,
  theme: Theme,
): Partial<Record<FigureId, Figure>> {
  const baseline = verdict?.baseline ?? result.metrics?.baseline ?? null;
  return {
    ...(ic && { ic: icByMonth(ic.by_month, baseline, theme) }),
    ...(charts && { equity: equityWithDrawdown(charts.equity, theme) }),
    ...(folds && folds.length > 0 && { folds: foldTimeline(folds, theme) }),
    ...(importance &&
      importance.length > 0 && { importance: featureImportance(importance, theme) }),
    ...(trials.some(({ score }) => score !== null) && { trials: trialsByNumber(trials, theme) }),
  };
}
