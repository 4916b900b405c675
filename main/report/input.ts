import { z } from "zod";
import type { Idea } from "../../contract/idea.ts";
import type { RunResult } from "../../contract/run.ts";
import type { StepName } from "../../contract/step.ts";

const number = z.number().nullish();
const series = z.array(z.number().nullable());

/** `charts.json` of the judge step: the evidence as short series. */
export const Charts = z.object({
  ic_by_month: z.object({
    month: z.array(z.string()),
    model: series,
    baselines: z.record(z.string(), series),
  }),
  equity: z.object({
    date: z.array(z.string()),
    equity: series,
    benchmark_equity: series,
    drawdown: series,
  }),
});

/** `folds.json` of the train step. */
export const Folds = z.array(
  z.object({
    fold: z.int(),
    train_start: z.string(),
    train_end: z.string(),
    purge_end: z.string(),
    test_start: z.string(),
    test_end: z.string(),
  }),
);

/** `selection.json` of the select step. */
export const FeatureChoices = z.object({
  features: z.array(
    z.object({
      name: z.string(),
      kept: z.boolean(),
      reason: z.string(),
      score: number,
      stability: number,
    }),
  ),
});

/** `importance.json` of the train step. */
export const Importance = z.array(z.object({ feature: z.string(), importance: z.number() }));

/** `leaderboard.json` of the train step. */
export const Leaderboard = z.array(
  z.object({
    name: z.string(),
    engine: z.string(),
    kind: z.enum(["ensemble", "trial", "baseline"]),
    rank_ic: number,
    icir: number,
    rmse: number,
    fit_seconds: number,
  }),
);

const Performance = z.object({
  sharpe_net: number,
  sharpe_gross: number,
  annual_return: number,
  annual_volatility: number,
  max_drawdown: number,
  calmar: number,
  hit_rate: number,
  turnover: number,
  annual_cost: number,
  exposure: number,
});

/** `metrics.json` of the backtest step. */
export const BacktestMetrics = Performance.extend({
  first: z.string().nullish(),
  last: z.string().nullish(),
  benchmark: Performance.nullish(),
  conventions: z.array(z.string()).default([]),
});

/** `verdict.json` of the judge step, beyond what the run's result holds already. */
export const VerdictNotes = z.object({
  rule: z.string().nullish(),
  caveats: z.array(z.string()).default([]),
  baseline: z.string().nullish(),
  trials_on_data: z.int().nullish(),
});

export type TrialLine = { number: number; engine: string; state: string; score: number | null };

/** Everything that a report tells; what a run did not come to is null. */
export type ReportInput = {
  result: RunResult;
  idea: Idea;
  period: { first: string | null; last: string | null } | null;
  charts: z.infer<typeof Charts> | null;
  folds: z.infer<typeof Folds> | null;
  choices: z.infer<typeof FeatureChoices> | null;
  importance: z.infer<typeof Importance> | null;
  leaderboard: z.infer<typeof Leaderboard> | null;
  backtest: z.infer<typeof BacktestMetrics> | null;
  verdict: z.infer<typeof VerdictNotes> | null;
  trials: TrialLine[];
  /** Content key of each finished step. */
  keys: { step: StepName; key: string }[];
  version: string;
};
