import type { Regime } from "../../../contract/artifacts.ts";
import { Idea } from "../../../contract/idea.ts";
import type { LeakTest } from "../../../contract/leak-test.ts";
import type { LedgerLine } from "../../../contract/ledger.ts";
import { RunResult } from "../../../contract/run.ts";
import type { ReportInput } from "../../../main/report/input.ts";
import { analytics } from "./analytics.ts";
import { paths, statistics } from "./statistics.ts";

const months = Array.from({ length: 34 }, (_, at) =>
  new Date(Date.UTC(2015, 3 + at, 1)).toISOString().slice(0, 10),
);
const days = Array.from({ length: 500 }, (_, at) =>
  new Date(Date.UTC(2015, 3, 1) + at * 2 * 86_400_000).toISOString().slice(0, 10),
);
const wave = (at: number, size: number) => size * Math.sin(at / 7) + size * 0.4 * Math.cos(at / 3);
const equity = days.map((_, at) => 1 + at / 1400 + wave(at, 0.02));

/** A report's input with every part filled; `name` is a person's own text. */
export function reportInput(name = "Size positions by next week's volatility"): ReportInput {
  const idea = Idea.parse({
    breadthflow: 1,
    id: "volatility",
    name,
    description:
      "Volatility clusters: a model of next week's range lets every position carry the same risk.",
    universe: { data: "sp500" },
    target: { kind: "log_realised_volatility", horizon: 5 },
    backtest: { strategy: "inverse_volatility" },
  });
  const result = RunResult.parse({
    run: "r-0123456789",
    idea: "volatility",
    name,
    state: "done",
    started: "2026-11-24T10:42:07.000Z",
    data: { name: "sp500", version: 3, rows: 619_040, symbols: 505 },
    findings: [
      finding(
        "survivorship",
        "warning",
        null,
        "kept",
        0,
        "All 505 symbols trade until the last day: those that left the index are not in this data.",
      ),
      finding("bad_print", "error", "BHF", "quarantined", 1, "One day 28 % below both neighbours."),
      finding("bad_print", "error", "UA", "quarantined", 2, "High below low."),
      ...["DXC", "EVHC", "DOV", "VRTX", "AMAT", "ORCL", "REGN", "TXN"].map((symbol) =>
        finding(
          "missing_value",
          "warning",
          symbol,
          "repaired",
          1,
          "Open is missing; the close before it stands in.",
        ),
      ),
      ...["APTV", "WRK"].map((symbol) =>
        finding(
          "late_listing",
          "info",
          symbol,
          "kept",
          0,
          "First bar 410 days after the data begins.",
        ),
      ),
    ],
    features: { made: 148, kept: 36 },
    metrics: {
      rank_ic: 0.5213,
      icir: 5.54,
      baseline: "har",
      baseline_rank_ic: 0.4962,
      folds_ahead: 6,
      folds: 6,
      sharpe_net: 0.83,
      deflated_sharpe: 0.97,
      trials: 24,
    },
    verdict: "deploy",
    summary:
      "Beats the HAR baseline in every fold: rank IC 0.521 against 0.496. Nothing looks ahead; 64 trials are counted.",
    gates: [
      gate(
        "lift",
        "Lift over the best baseline",
        0.0251,
        0.005,
        [0.019, 0.031],
        true,
        "Rank IC minus that of HAR.",
      ),
      gate(
        "rank_ic",
        "Rank IC above zero",
        0.5213,
        0,
        [0.488, 0.554],
        true,
        "Mean daily rank correlation of out-of-fold predictions with what happened.",
      ),
      gate(
        "folds_ahead",
        "Folds ahead of the baseline",
        6,
        4.8,
        null,
        true,
        "Folds in which the model ranks better.",
      ),
      gate(
        "deflated_sharpe",
        "Deflated Sharpe",
        0.41,
        0.95,
        null,
        false,
        "Probability that the Sharpe is above what the best of 64 lucky trials shows.",
      ),
      gate(
        "leaks",
        "Nothing sees the future",
        0,
        0,
        null,
        true,
        "How many of 14 tests for leaks fail: of features, labels, folds, fits, fills and data.",
      ),
    ],
    leaderboard: [],
    equity,
    model: { name: "volatility", version: "4" },
    steps: ["ingest", "check", "features", "select", "train", "backtest", "judge", "register"].map(
      (step, at) => ({ name: step, state: at ? "done" : "cached", seconds: at * 1.7, cached: !at }),
    ),
    report: null,
    problem: null,
    seconds: 41.2,
  });
  const engines = ["lightgbm", "elastic_net", "extra_trees"];
  return {
    result,
    idea,
    period: { first: "2013-02-08", last: "2018-02-07" },
    charts: {
      equity: {
        date: days,
        equity,
        benchmark_equity: days.map((_, at) => 1 + at / 1700 + wave(at, 0.03)),
        drawdown: equity.map((value, at) => value / Math.max(...equity.slice(0, at + 1)) - 1),
      },
    },
    ic: {
      by_month: {
        month: months,
        model: months.map((_, at) => 0.52 + wave(at, 0.03)),
        baselines: {
          har: months.map((_, at) => 0.495 + wave(at, 0.026)),
          mean: months.map(() => 0.44),
        },
      },
      distribution: {
        edges: [0.3, 0.5, 0.7],
        model: [300, 456],
        baselines: { har: [420, 336], mean: [700, 56] },
      },
    },
    folds: Array.from({ length: 6 }, (_, fold) => ({
      fold,
      train_start: "2013-02-08",
      train_end: months[fold * 5] as string,
      purge_end: `${(months[fold * 5] as string).slice(0, 8)}09`,
      test_start: `${(months[fold * 5] as string).slice(0, 8)}18`,
      test_end: `${(months[Math.min(33, fold * 5 + 5)] as string).slice(0, 8)}15`,
    })),
    choices: {
      features: Array.from({ length: 60 }, (_, at) => ({
        name: `realised_volatility_${at + 2}`,
        kept: at < 36,
        reason:
          at < 36
            ? "among the best, and of one sign in every block"
            : "says what realised_volatility_5 says (correlation 0.98)",
        score: 0.5 - at / 150,
        stability: 1 - at / 300,
      })),
    },
    importance: Array.from({ length: 36 }, (_, at) => ({
      feature: `realised_volatility_${at + 2}`,
      importance: 100 / (at + 2),
    })),
    leaderboard: [
      entry("ensemble of 4", "ensemble", "ensemble", 0.5213),
      ...Array.from({ length: 14 }, (_, at) =>
        entry(`trial ${at + 1}`, engines[at % 3] as string, "trial", 0.519 - at / 700),
      ),
      entry("har", "baseline", "baseline", 0.4962),
    ],
    backtest: {
      ...performance(0.83),
      first: days[0] as string,
      last: days.at(-1) as string,
      benchmark: performance(0.74),
      conventions: ["A signal of day t is traded at the next bar's open.", "Cash earns nothing."],
      warnings: ["The capital of 1,000,000 is above the idea's capacity of 400,000."],
      reasons: {},
    },
    analytics: analytics(),
    verdict: {
      policy: "research",
      page: [
        { title: "What is claimed", text: "Which symbols will move most over the next 5 bars." },
        { title: "What was found", text: "A rank correlation of 0.539 <and no more>." },
      ],
      outlook: [],
      regimes: {
        kinds: { volatility: "volatility of the market over 21 bars, by its rank so far" },
        min_days: 63,
        rows: [
          regime("volatility", "low", 0.04, 0.01),
          regime("volatility", "high", -0.02, 0.03),
          { ...regime("year", "2018", 0.01, 0), lift: { value: 0.01, lower: null, upper: null } },
        ],
      },
      leaks: [
        leak("cut_features", "No feature sees the future", 0, 0),
        leak("duplicate_rows", "No row is both trained on and tested", 0.02, 0.001, ["fold 3"]),
        {
          ...leak("adjusted_levels", "No feature knows later splits", null, 0.02),
          tested: "No adjustment of prices is known, so none can be undone.",
        },
        {
          ...leak("survivorship", "The universe was known at the time", 12, 0, ["APTV"]),
          decides: false,
        },
      ],
      rule: "Every deciding gate passes: deploy.",
      caveats: ["The data holds survivors only, so every return in it is too good."],
      baseline: "har",
      trials_on_data: 64,
    },
    statistics: statistics(),
    paths: paths(),
    trials: Array.from({ length: 24 }, (_, number) => ({
      number,
      engine: engines[number % 3] as string,
      state: number % 5 ? "complete" : "pruned",
      score: 0.5 + wave(number, 0.01),
    })),
    ledger: Array.from({ length: 3 }, (_, number) => trialOnData(number)),
    keys: result.steps.map(({ name: step }, at) => ({ step, key: String(at).repeat(64) })),
    version: "0.1.0",
  };
}

function finding(
  rule: string,
  severity: string,
  symbol: string | null,
  action: string,
  rows: number,
  detail: string,
) {
  return { rule, severity, symbol, from: "2016-05-19", to: "2017-07-31", action, rows, detail };
}

function gate(
  name: string,
  label: string,
  value: number,
  threshold: number | null,
  interval: [number, number] | null,
  passed: boolean,
  meaning: string,
) {
  return { name, label, value, threshold, interval, passed, meaning };
}

function entry(
  name: string,
  engine: string,
  kind: "ensemble" | "trial" | "baseline",
  rankIc: number,
) {
  return {
    name,
    engine,
    kind,
    rank_ic: rankIc,
    icir: rankIc * 10,
    rmse: 0.41,
    fold_rank_ic: [],
    fit_seconds: 1.9,
    params: {},
  };
}

function performance(sharpe: number) {
  return {
    sharpe_net: sharpe,
    sharpe_gross: sharpe + 0.06,
    annual_return: 0.112,
    annual_volatility: 0.131,
    max_drawdown: -0.142,
    calmar: 0.79,
    hit_rate: 0.541,
    turnover: 3.2,
    annual_cost: 0.0019,
    exposure: 0.99,
  };
}

function leak(
  detector: string,
  label: string,
  evidence: number | null,
  limit: number,
  where: string[] = [],
): LeakTest {
  const passed = evidence === null || evidence <= limit;
  const tested = `What ${detector} looks at.`;
  return { detector, label, tested, evidence, limit, where, passed, decides: true };
}

function regime(kind: string, name: string, lift: number, reach: number): Regime {
  const measured = { value: lift, lower: lift - reach, upper: lift + reach };
  return {
    kind,
    name,
    days: 100,
    ic: measured,
    lift: measured,
    adjusted_p_value: 0.021,
    bars: 100,
    annual_return: lift,
    sharpe: measured,
    reason: null,
  };
}

function trialOnData(number: number): LedgerLine {
  return {
    data_set: "sp500",
    idea: number === 2 ? "reversal" : "volatility",
    run: "20260101T000000-abcdef",
    artifact: "a".repeat(64),
    created: "2026-01-01T00:00:00.000Z",
    trial: {
      kind: "trial",
      number,
      engine: "lightgbm",
      params: { leaves: 31, note: "=1+1" },
      state: number === 1 ? "failed" : "complete",
      score: number === 1 ? null : 0.5,
      fold_scores: [],
      seconds: 1.5,
      error: number === 1 ? 'it said "no", twice' : null,
    },
  };
}
