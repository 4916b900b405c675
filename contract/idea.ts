import { z } from "zod";
import { DataSetName, IdeaId } from "./ids.ts";

/** An idea, as it stands in `idea.yaml`. Every key is checked; unknown ones are refused. */

export const TargetKind = z.enum([
  "forward_return",
  "excess_return",
  "direction",
  "log_realised_volatility",
]);

export const FeatureFamily = z.enum([
  "price",
  "volume",
  "volatility",
  "calendar",
  "cross_section",
  "sector",
]);

export const AutomlEngine = z.enum(["lightgbm", "elastic_net", "extra_trees"]);

const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day, such as 2016-05-19");

export const Universe = z.strictObject({
  data: DataSetName.describe("Name of the data set."),
  calendar: z.string().default("XNYS").describe("Exchange calendar (exchange_calendars code)."),
  from: isoDay.optional().describe("First day used."),
  to: isoDay.optional().describe("Last day used."),
  symbols: z.array(z.string().min(1)).min(1).optional().describe("Only these symbols."),
});

export const Target = z.strictObject({
  kind: TargetKind.describe("What is predicted."),
  horizon: z.int().min(1).max(252).describe("Bars ahead."),
});

export const CustomFeature = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  expression: z.string().min(1).max(2000).describe("Expression of the feature language."),
  lookback: z.int().min(1).max(2520).describe("Bars that it may look back, itself included."),
});

export const Features = z.strictObject({
  families: z.array(FeatureFamily).default([...FeatureFamily.options]),
  add: z.array(CustomFeature).default([]).describe("Features of your own."),
});

export const Selection = z.strictObject({
  max_features: z.int().min(1).max(1000).default(40),
  max_correlation: z.number().gt(0).max(1).default(0.95).describe("Above it, one of two goes."),
  min_stability: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe("Share of training blocks in which the sign of the feature's IC must agree."),
});

export const Automl = z.strictObject({
  engines: z
    .array(AutomlEngine)
    .min(1)
    .default([...AutomlEngine.options]),
  trials: z.int().min(1).max(10_000).default(24).describe("Configurations tried at most."),
  budget_seconds: z.number().min(0).max(86_400).default(60).describe("Time for the search."),
  ensemble: z.int().min(1).max(16).default(4).describe("Models in the ensemble at most."),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(7),
});

export const Validation = z.strictObject({
  scheme: z.enum(["expanding", "rolling"]).default("expanding").describe("Walk-forward window."),
  folds: z.int().min(2).max(50).default(6),
  first_train_fraction: z.number().gt(0).lt(1).default(0.4),
  embargo: z.int().min(0).max(252).default(5).describe("Bars left out after the purge."),
});

export const Backtest = z.strictObject({
  strategy: z.enum(["long_short", "long_only", "inverse_volatility"]),
  quantile: z.number().gt(0).max(0.5).default(0.1).describe("Share of symbols held per side."),
  rebalance: z.int().min(1).max(252).default(5).describe("Bars between rebalances."),
  execution: z.enum(["next_open", "next_close"]).default("next_open"),
  commission_bps: z.number().min(0).max(1000).default(1),
  slippage_bps: z.number().min(0).max(1000).default(5),
  borrow_bps_per_year: z.number().min(0).max(10_000).default(50),
});

export const Gates = z.strictObject({
  policy: z.enum(["research"]).default("research"),
  min_lift: z.number().default(0.005).describe("Rank IC over the best baseline."),
  min_folds_ahead: z.number().min(0).max(1).default(0.8).describe("Share of folds ahead."),
  min_net_sharpe: z.number().default(0.5).describe("Where the verdict rests on trading."),
  min_deflated_sharpe: z.number().min(0).max(1).default(0.95),
});

export const Idea = z.strictObject({
  breadthflow: z.literal(1).describe("Version of this document's format."),
  id: IdeaId.describe("Short name, unique in the workspace."),
  name: z.string().min(1).max(120),
  description: z.string().max(4000).default(""),
  tags: z.array(z.string().min(1).max(40)).default([]),
  universe: Universe,
  target: Target,
  features: Features.prefault({}),
  selection: Selection.prefault({}),
  automl: Automl.prefault({}),
  validation: Validation.prefault({}),
  backtest: Backtest,
  gates: Gates.prefault({}),
});
export type Idea = z.infer<typeof Idea>;

/** The JSON Schema by which an editor completes and checks `idea.yaml`. */
export function ideaJsonSchema(): object {
  return z.toJSONSchema(Idea, { io: "input", target: "draft-7" });
}
