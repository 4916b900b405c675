import type { ComparedRun } from "../../../../contract/idea-list.ts";
import { count, fixed, percent } from "../../../parts/format.ts";

/** A figure that runs are compared by. */
export type Measure = {
  title: string;
  help: string;
  of: (run: ComparedRun) => number | null | undefined;
  show: (value: number | null | undefined) => string;
  /** Which end is the good one; null where neither is. */
  better: "higher" | "lower" | null;
};

const ofBacktest =
  (key: string) =>
  ({ backtest }: ComparedRun): number | null => {
    const value = backtest?.[key];
    return typeof value === "number" ? value : null;
  };

export const MEASURES: readonly Measure[] = [
  {
    title: "Rank IC",
    help: "Mean daily rank correlation of prediction and outcome, out of fold",
    of: ({ metrics }) => metrics?.rank_ic,
    show: (value) => fixed(value),
    better: "higher",
  },
  {
    title: "Lift over baseline",
    help: "Rank IC above that of the best baseline",
    of: ({ metrics }) =>
      metrics?.rank_ic == null || metrics.baseline_rank_ic === null
        ? null
        : metrics.rank_ic - metrics.baseline_rank_ic,
    show: (value) => fixed(value),
    better: "higher",
  },
  {
    title: "ICIR",
    help: "Mean of the daily rank IC over its deviation",
    of: ({ metrics }) => metrics?.icir,
    show: (value) => fixed(value, 2),
    better: "higher",
  },
  {
    title: "Net Sharpe",
    help: "Sharpe ratio net of costs",
    of: ({ metrics }) => metrics?.sharpe_net,
    show: (value) => fixed(value, 2),
    better: "higher",
  },
  {
    title: "Deflated Sharpe",
    help: "Probability that the Sharpe ratio is real, given every trial",
    of: ({ metrics }) => metrics?.deflated_sharpe,
    show: (value) => fixed(value),
    better: "higher",
  },
  {
    title: "Return a year",
    help: "Net of costs, compounded",
    of: ofBacktest("annual_return"),
    show: (value) => percent(value),
    better: "higher",
  },
  {
    title: "Largest drawdown",
    help: "Deepest fall below an earlier peak",
    of: ofBacktest("max_drawdown"),
    show: (value) => percent(value),
    // Told as a loss, so that the one nearest to zero is the best.
    better: "higher",
  },
  {
    title: "Turnover",
    help: "Share of the book traded, as the backtest tells it",
    of: ofBacktest("turnover"),
    show: (value) => fixed(value, 2),
    better: "lower",
  },
  {
    title: "Trials",
    help: "Configurations fitted in the search",
    of: ({ metrics }) => metrics?.trials,
    show: (value) => count(value),
    better: null,
  },
];

/** The places of the best value; none where all are alike or only one run has it. */
export function bestOf({ of, better }: Measure, runs: readonly ComparedRun[]): ReadonlySet<number> {
  const values = runs.map((run) => of(run) ?? null);
  const known = values.filter((value) => value !== null);
  if (better === null || new Set(known).size < 2) return new Set();
  const best = better === "higher" ? Math.max(...known) : Math.min(...known);
  return new Set(values.flatMap((value, position) => (value === best ? [position] : [])));
}
