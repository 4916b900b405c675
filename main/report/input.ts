import type {
  BacktestAnalytics,
  BacktestMetrics,
  Charts,
  FeatureChoices,
  Folds,
  IcSeries,
  Importance,
  Leaderboard,
  VerdictNotes,
} from "../../contract/artifacts.ts";
import type { Idea } from "../../contract/idea.ts";
import type { LedgerLine } from "../../contract/ledger.ts";
import type { RunResult } from "../../contract/run.ts";
import type { Paths, Statistics } from "../../contract/statistics.ts";
import type { StepName } from "../../contract/step.ts";

export type TrialLine = { number: number; engine: string; state: string; score: number | null };

/** Everything that a report tells; what a run did not come to is null. */
export type ReportInput = {
  result: RunResult;
  idea: Idea;
  period: { first: string | null; last: string | null } | null;
  charts: Charts | null;
  ic: IcSeries | null;
  folds: Folds | null;
  choices: FeatureChoices | null;
  importance: Importance | null;
  leaderboard: Leaderboard | null;
  backtest: BacktestMetrics | null;
  analytics: BacktestAnalytics | null;
  verdict: VerdictNotes | null;
  statistics: Statistics | null;
  paths: Paths | null;
  trials: TrialLine[];
  /** Everything that was ever fitted on the data set. */
  ledger: LedgerLine[];
  /** Content key of each finished step. */
  keys: { step: StepName; key: string }[];
  version: string;
};
