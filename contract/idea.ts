import { z } from "zod";
import { GateName, OWN_THRESHOLDS, PolicyName } from "./gate-policy.ts";
import { DataSetName, IdeaId } from "./ids.ts";

/**
 * An idea, as it stands in `idea.yaml`. Every key is checked; unknown ones are refused. Titles,
 * units and descriptions are what forms and editors show of each field.
 */

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

const isoDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day, such as 2016-05-19");

export const Universe = z.strictObject({
  data: DataSetName.meta({ title: "Data set", description: "Name of the data set." }),
  calendar: z
    .string()
    .default("XNYS")
    .meta({ title: "Calendar", description: "Exchange calendar (exchange_calendars code)." }),
  from: isoDay.optional().meta({ title: "From", description: "First day used." }),
  to: isoDay.optional().meta({ title: "To", description: "Last day used." }),
  symbols: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ title: "Symbols", description: "Only these symbols." }),
});

export const Target = z.strictObject({
  kind: TargetKind.meta({ title: "Predict", description: "What is predicted." }),
  horizon: z
    .int()
    .min(1)
    .max(252)
    .meta({ title: "Horizon", unit: "bars", description: "Bars ahead." }),
});

export const CustomFeature = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, "must be small letters, digits and underscores")
    .meta({ title: "Name" }),
  expression: z
    .string()
    .min(1)
    .max(2000)
    .meta({ title: "Expression", description: "Expression of the feature language." }),
  lookback: z.int().min(1).max(2520).meta({
    title: "Look-back",
    unit: "bars",
    description: "Bars that it may look back, itself included.",
  }),
});

export const Features = z.strictObject({
  families: z
    .array(FeatureFamily)
    .default([...FeatureFamily.options])
    .meta({ title: "Families", description: "Groups of built-in features." }),
  add: z
    .array(CustomFeature)
    .default([])
    .meta({ title: "Your own features", description: "Features of your own." }),
});

export const Selection = z.strictObject({
  max_features: z
    .int()
    .min(1)
    .max(1000)
    .default(40)
    .meta({ title: "Features at most", description: "How many features a model may see." }),
  max_correlation: z
    .number()
    .gt(0)
    .max(1)
    .default(0.95)
    .meta({ title: "Correlation at most", description: "Above it, one of two goes." }),
  min_stability: z.number().min(0).max(1).default(0.6).meta({
    title: "Stability at least",
    description: "Share of training blocks in which the sign of the feature's IC must agree.",
  }),
});

export const Automl = z.strictObject({
  engines: z
    .array(AutomlEngine)
    .min(1)
    .default([...AutomlEngine.options])
    .meta({ title: "Engines", description: "Kinds of model that are tried." }),
  trials: z
    .int()
    .min(1)
    .max(10_000)
    .default(24)
    .meta({ title: "Trials", description: "Configurations tried at most." }),
  budget_seconds: z
    .number()
    .min(0)
    .max(86_400)
    .default(60)
    .meta({ title: "Time", unit: "s", description: "Time for the search." }),
  ensemble: z
    .int()
    .min(1)
    .max(16)
    .default(4)
    .meta({ title: "Ensemble", unit: "models", description: "Models in the ensemble at most." }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(7)
    .meta({ title: "Seed", description: "The same seed gives the same result." }),
});

export const Validation = z
  .strictObject({
    scheme: z.enum(["expanding", "rolling", "cpcv"]).default("expanding").meta({
      title: "Window",
      description:
        "Walk-forward window; cpcv is expanding, with combinatorial purged cross-validation beside it.",
    }),
    folds: z
      .int()
      .min(2)
      .max(50)
      .default(6)
      .meta({ title: "Folds", description: "Periods that are tested one after the other." }),
    first_train_fraction: z.number().gt(0).lt(1).default(0.4).meta({
      title: "First training share",
      description: "Share of the days that the first fold is trained on.",
    }),
    embargo: z
      .int()
      .min(0)
      .max(252)
      .default(5)
      .meta({ title: "Embargo", unit: "bars", description: "Bars left out after the purge." }),
    groups: z
      .int()
      .min(3)
      .max(20)
      .optional()
      .meta({ title: "Groups", description: "Of cpcv: parts of the history; 10 if not given." }),
    test_groups: z.int().min(1).max(19).optional().meta({
      title: "Tested groups",
      description: "Of cpcv: groups tested at a time; 3 if not given.",
    }),
    hold_out: z.enum(["symbol", "sector"]).optional().meta({
      title: "Hold out",
      description: "No model is tested on a symbol, or a sector, that it was trained on.",
    }),
    hold_out_parts: z.int().min(2).max(10).optional().meta({
      title: "Parts held out",
      description:
        "Parts that these are dealt into, each tested by models of its own; 3 if not given.",
    }),
  })
  .refine(({ scheme, hold_out }) => scheme !== "cpcv" || hold_out === undefined, {
    path: ["hold_out"],
    error: "goes with the schemes expanding and rolling; cpcv would be fitted again for every part",
  });

const bps = z.number().min(0);

export const Backtest = z
  .strictObject({
    strategy: z
      .enum(["long_short", "long_only", "proportional", "inverse_volatility"])
      .describe("How predictions become weights."),
    quantile: z.number().gt(0).max(0.5).default(0.1).describe("Share of symbols held per side."),
    top_n: z.int().min(1).max(10_000).optional().describe("Symbols per side, not the quantile."),
    gross: z.number().gt(0).max(10).default(1).describe("Long plus short notional over equity."),
    neutral: z
      .array(z.enum(["sector", "beta"]))
      .default([])
      .describe("What long and short add up to nothing in."),
    max_weight: z.number().gt(0).max(1).optional().describe("Largest weight of a symbol."),
    max_turnover: z
      .number()
      .gt(0)
      .max(20)
      .optional()
      .describe("Bought plus sold notional of a rebalance over equity, at most."),
    target_volatility: z.number().gt(0).max(2).optional().describe("A year, such as 0.1."),
    max_leverage: z.number().gt(0).max(10).default(2).describe("Of the target volatility."),
    rebalance: z.int().min(1).max(252).default(5).describe("Bars, weeks or months between."),
    calendar: z.enum(["bar", "week", "month"]).default("bar").describe("What rebalance counts."),
    overlap: z.int().min(1).max(52).default(1).describe("Parts of the book, renewed in turns."),
    execution: z
      .enum(["next_open", "next_close", "next_vwap"])
      .default("next_open")
      .describe("Price of the next bar; its mean price stands for the VWAP."),
    commission_bps: bps.max(1000).default(1),
    slippage_bps: bps.max(1000).default(5),
    spread: z
      .enum(["none", "corwin_schultz", "abdi_ranaldo"])
      .default("none")
      .describe("Estimator of the bid-ask spread, half of which is paid on top."),
    impact: z.number().min(0).max(10).default(0).describe("Y of the square-root law; 0 is none."),
    participation: z.number().gt(0).max(1).optional().describe("Of a bar's volume, at most."),
    capital: z.number().gt(0).max(1e13).default(1_000_000).describe("In the prices' currency."),
    whole_shares: z.boolean().default(false).describe("No fractions of a share."),
    borrow_bps_per_year: bps.max(10_000).default(50),
    short_min_price: z.number().min(0).default(0).describe("Cheaper ones cannot be borrowed."),
    short_min_volume: z
      .number()
      .min(0)
      .default(0)
      .describe("Money traded a day, below which a symbol cannot be borrowed."),
    cash_rate: z.number().min(-0.1).max(1).default(0).describe("Interest a year on cash."),
    margin_bps_per_year: bps.max(10_000).default(0).describe("On debt, above the cash rate."),
    delisting_return: z
      .number()
      .min(-1)
      .max(1)
      .default(0)
      .describe("On the last price of a symbol whose bars have ended."),
  })
  .refine(
    ({ neutral, strategy }) =>
      neutral.length === 0 || strategy === "long_short" || strategy === "proportional",
    {
      path: ["neutral"],
      error: "needs a strategy with both sides: long_short or proportional",
    },
  );

export const Gates = z
  .strictObject({
    policy: PolicyName.default("research").meta({
      title: "Policy",
      description: "research, paper, live, or one of the workspace's own.",
    }),
    ...OWN_THRESHOLDS,
    decide: z.array(GateName).optional().meta({
      title: "Let decide",
      description: "Gates that decide, although the policy only tells them.",
    }),
    tell: z.array(GateName).optional().meta({
      title: "Only tell",
      description: "Gates that do not decide, although the policy lets them.",
    }),
  })
  .refine(({ decide, tell }) => !tell?.some((name) => decide?.includes(name)), {
    path: ["tell"],
    error: "names a gate that decide names, too",
  });

export const Idea = z.strictObject({
  breadthflow: z
    .literal(1)
    .meta({ title: "Format", description: "Version of this document's format." }),
  id: IdeaId.meta({
    title: "Short name",
    description: "Small letters, digits and hyphens; unique in the workspace.",
  }),
  name: z.string().min(1).max(120).meta({ title: "Name" }),
  description: z.string().max(4000).default("").meta({ title: "Description" }),
  tags: z.array(z.string().min(1).max(40)).default([]).meta({ title: "Tags" }),
  universe: Universe.meta({ title: "Universe" }),
  target: Target.meta({ title: "Target" }),
  features: Features.prefault({}).meta({ title: "Features" }),
  selection: Selection.prefault({}).meta({ title: "Selection" }),
  automl: Automl.prefault({}).meta({ title: "AutoML" }),
  validation: Validation.prefault({}).meta({ title: "Validation" }),
  backtest: Backtest.meta({ title: "Backtest" }),
  gates: Gates.prefault({}).meta({ title: "Gates" }),
});
export type Idea = z.infer<typeof Idea>;

/** The JSON Schema by which an editor completes and checks `idea.yaml`. */
export function ideaJsonSchema(): object {
  return z.toJSONSchema(Idea, { io: "input", target: "draft-7" });
}
