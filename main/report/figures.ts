import {
  bookPanels,
  equityWithDrawdown,
  type Figure,
  type FigurePanel,
  featureImportance,
  foldTimeline,
  icByFold,
  icByMonth,
  icDistribution,
  luckPanels,
  regimePanel,
  type Theme,
  trialsByNumber,
} from "../../contract/figures/index.ts";
import type { ReportInput } from "./input.ts";

/** The figures that are not panels with words of their own. */
export type FigureId = "ic" | "ic-days" | "ic-folds" | "folds" | "equity" | "importance" | "trials";

/** What a report draws beside its tables, each with its words. */
export type ReportPanels = { regimes: FigurePanel[]; luck: FigurePanel[]; book: FigurePanel[] };

export function reportPanels(input: ReportInput): ReportPanels {
  const { statistics, paths, analytics, backtest, folds, verdict } = input;
  return {
    regimes: verdict?.regimes ? [regimePanel(verdict.regimes)] : [],
    luck: folds ? luckPanels(statistics, paths) : [],
    book: backtest ? bookPanels(analytics, statistics?.headline ?? null) : [],
  };
}

/** The figures for which the run left something to draw, by the id of their place. */
export function reportFigures(
  input: ReportInput,
  { regimes, luck, book }: ReportPanels,
  theme: Theme,
): Record<string, Figure> {
  const { charts, ic, analytics, folds, importance, trials, verdict, result, leaderboard } = input;
  const baseline = verdict?.baseline ?? result.metrics?.baseline ?? null;
  const curve = analytics?.equity ?? charts?.equity;
  const compared = leaderboard?.filter(({ kind }) => kind !== "trial") ?? [];
  const own: Partial<Record<FigureId, Figure>> = {
    ...(ic && {
      ic: icByMonth(ic.by_month, baseline, theme),
      "ic-days": icDistribution(ic.distribution, baseline, theme),
    }),
    ...(compared.some(({ fold_rank_ic }) => fold_rank_ic.length > 0) && {
      "ic-folds": icByFold(compared, theme),
    }),
    ...(curve && { equity: equityWithDrawdown(curve, theme) }),
    ...(folds && folds.length > 0 && { folds: foldTimeline(folds, theme) }),
    ...(importance &&
      importance.length > 0 && { importance: featureImportance(importance, theme) }),
    ...(trials.some(({ score }) => score !== null) && { trials: trialsByNumber(trials, theme) }),
  };
  const panels = [...regimes, ...luck, ...book].flatMap(({ id, draw }) =>
    draw ? [[id, draw(theme)] as const] : [],
  );
  return { ...own, ...Object.fromEntries(panels) };
}
