export { type EquityCurve, equityWithDrawdown } from "./backtest.ts";
export { type FeatureShare, featureImportance, type TrialPoint, trialsByNumber } from "./search.ts";
export { COLOURS, type Figure, type Theme, template } from "./template.ts";
export {
  baselineName,
  type FoldWindow,
  foldTimeline,
  type IcByMonth,
  icByMonth,
} from "./validation.ts";
