export {
  type FactorExposure,
  factorExposure,
  type SectorShare,
  type SectorsByYear,
  sectorAttribution,
  sectorsByYear,
  type YearShare,
  yearAttribution,
} from "./attribution.ts";
export {
  type CostAndDelay,
  type CostCurve,
  costAndDelay,
  costsSoFar,
  type EquityCurve,
  type ExposureCurve,
  equityWithDrawdown,
  exposureWithTurnover,
  type MonthlyReturns,
  monthlyReturns,
  type RollingSharpe,
  rollingSharpe,
} from "./backtest.ts";
export { bookPanels } from "./book-panels.ts";
export {
  headlineHeight,
  headlineIntervals,
  type IcDecay,
  type Interval,
  icDecay,
  pathFan,
  type RecombinedPaths,
} from "./certainty.ts";
export {
  type Correlations,
  type FeatureStanding,
  featureCorrelation,
  featureStability,
} from "./features.ts";
export { calendarHeight, type FindingsCalendar, findingsCalendar } from "./findings.ts";
export {
  type CapacityCurve,
  capacityCurve,
  type RebalanceAndBreadth,
  rebalanceAndBreadth,
  type StartDates,
  yearFromEachStart,
} from "./hangs-on.ts";
export {
  type Logits,
  type NullDistribution,
  nullDistribution,
  overfittingLogits,
  type PickedTrials,
  pickedTrials,
  type SharpeBar,
  sharpeAgainstTrials,
} from "./luck.ts";
export { effectiveTold, luckPanels, trialsTold } from "./luck-panels.ts";
export type { FigurePanel } from "./panel.ts";
export { MOST_CANDLES, type PriceView, priceChart } from "./prices.ts";
export { regimeName, regimePanel } from "./regimes.ts";
export { type FeatureShare, featureImportance, type TrialPoint, trialsByNumber } from "./search.ts";
export { type SnoopingLine, snoopingLines, snoopingNote } from "./snooping.ts";
export { COLOURS, type Figure, type Theme, template } from "./template.ts";
export { latencyOverTime, requestRate } from "./traffic.ts";
export {
  baselineName,
  type FoldScores,
  type FoldWindow,
  foldTimeline,
  heldOutNote,
  type IcByMonth,
  type IcDistribution,
  icByFold,
  icByMonth,
  icDistribution,
} from "./validation.ts";
export { pValue } from "./written.ts";
