import { z } from "zod";
import type { Idea } from "./idea.ts";
import { type ContentKey, IdeaId, RunId } from "./ids.ts";
import { Problem } from "./problem.ts";
import { StepEvent, StepName } from "./step.ts";

export const Verdict = z.enum(["deploy", "watch", "reject"]);
export type Verdict = z.infer<typeof Verdict>;

export const Gate = z.object({
  name: z.string(),
  label: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullish(),
  passed: z.boolean(),
  decides: z.boolean().optional().describe("Otherwise it is told for information."),
  meaning: z.string(),
  would_change: z.string().nullish().describe("What would turn its result, in numbers."),
  otherwise: z.string().nullish().describe("What else lets it pass, beside the threshold."),
});
export type Gate = z.infer<typeof Gate>;

/** The state of a step within a run. `cached` means that its artifact was there already. */
export const StepState = z.enum([
  "waiting",
  "running",
  "cached",
  "done",
  "failed",
  "cancelled",
  "skipped",
]);
export type StepState = z.infer<typeof StepState>;

export const RunState = z.enum(["running", "done", "failed", "cancelled", "interrupted"]);
export type RunState = z.infer<typeof RunState>;

export const RunFinding = z.object({
  rule: z.string(),
  severity: z.enum(["info", "warning", "error"]),
  symbol: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  action: z.enum(["kept", "repaired", "quarantined"]),
  rows: z.int(),
  detail: z.string(),
});
export type RunFinding = z.infer<typeof RunFinding>;

export const Metrics = z.object({
  rank_ic: z.number().nullable(),
  icir: z.number().nullable(),
  baseline: z.string().nullable(),
  baseline_rank_ic: z.number().nullable(),
  folds_ahead: z.int().nullable(),
  folds: z.int().nullable(),
  sharpe_net: z.number().nullable(),
  deflated_sharpe: z.number().nullable(),
  trials: z.int().nullable(),
});
export type Metrics = z.infer<typeof Metrics>;

/** One line of `leaderboard.json`, without its parameters. */
export const LeaderboardEntry = z.object({
  name: z.string(),
  engine: z.string(),
  kind: z.enum(["ensemble", "trial", "baseline"]),
  rank_ic: z.number().nullable(),
  icir: z.number().nullable(),
});
export type LeaderboardEntry = z.infer<typeof LeaderboardEntry>;

/** What `run --json` prints; scripts rely on it. Seconds, fractions. */
export const RunResult = z.object({
  run: RunId,
  idea: IdeaId,
  name: z.string(),
  state: RunState,
  started: z.string(),
  data: z
    .object({ name: z.string(), version: z.int(), rows: z.int(), symbols: z.int() })
    .nullable(),
  findings: z.array(RunFinding),
  features: z.object({ made: z.int(), kept: z.int() }).nullable(),
  metrics: Metrics.nullable(),
  verdict: Verdict.nullable(),
  summary: z.string().nullable(),
  gates: z.array(Gate),
  leaderboard: z.array(LeaderboardEntry).describe("From train's `leaderboard.json`, best first."),
  equity: z.array(z.number()).describe("Net equity from backtest's `equity.json`, in order."),
  model: z.object({ name: z.string(), version: z.string() }).nullable(),
  steps: z.array(
    z.object({ name: StepName, state: StepState, seconds: z.number(), cached: z.boolean() }),
  ),
  report: z.string().nullable(),
  problem: Problem.nullable(),
  seconds: z.number(),
});
export type RunResult = z.infer<typeof RunResult>;

/** A run at a glance, for the head of its screen; light enough to be asked for at each change. */
export type RunOverview = {
  run: RunId;
  /** Which run of its idea it is, from 1. */
  number: number;
  /** As the run stood on it. */
  idea: Idea;
  /** The idea's document is another one by now. */
  edited_since: boolean;
  state: RunState;
  started: string;
  seconds: number | null;
  /** Seconds until it ends, as past runs let expect; null where there is no telling. */
  remaining: number | null;
  problem: Problem | null;
  data: {
    name: string;
    version: number;
    key: ContentKey;
    rows: number;
    symbols: number;
    first: string | null;
    last: string | null;
  } | null;
  /** The data holds only companies that lasted to its end. */
  survivorship: boolean;
  steps: {
    name: StepName;
    state: StepState;
    seconds: number | null;
    started: string | null;
    key: ContentKey | null;
    problem: Problem | null;
    /** Of the artifact's manifest, once the step is done. */
    summary: Readonly<Record<string, unknown>> | null;
  }[];
  baseline: string | null;
  verdict: Verdict | null;
  summary: string | null;
  gates: Gate[];
  model: { name: string; version: string } | null;
};

/** What a run says while it works; `seq` lets a client that lost its connection take up again. */
export const RunEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("step"),
    step: StepName,
    state: StepState,
    seconds: z.number().nullable(),
    summary: z.record(z.string(), z.unknown()).nullable(),
  }),
  z.object({ type: z.literal("news"), step: StepName, news: StepEvent }),
  z.object({ type: z.literal("ended"), state: RunState, problem: Problem.nullable() }),
  /** After its end: its model went live. */
  z.object({
    type: z.literal("deployed"),
    deployment: z.string(),
    version: z.string(),
    verdict: Verdict,
    against_verdict: z.string().nullable(),
  }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type NumberedRunEvent = { seq: number; run: RunId; event: RunEvent };
