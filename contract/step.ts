import { z } from "zod";

/** The steps of a run, in the order in which people read them. */
export const StepName = z.enum([
  "ingest",
  "check",
  "features",
  "select",
  "train",
  "backtest",
  "judge",
  "register",
]);
export type StepName = z.infer<typeof StepName>;

/** Mirrors `breadthflow_engine.protocol.messages`; a unit test holds the two against each other. */
export const StepEvent = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("progress"),
    fraction: z.number().min(0).max(1),
    done: z.number().nullish(),
    total: z.number().nullish(),
    unit: z.string().nullish(),
    eta_s: z.number().nullish(),
    message: z.string(),
  }),
  z.object({
    kind: z.literal("metric"),
    name: z.string(),
    value: z.number(),
    step_index: z.int().nullish(),
  }),
  z.object({
    kind: z.literal("trial"),
    number: z.int(),
    engine: z.string(),
    params: z.record(z.string(), z.unknown()),
    state: z.enum(["complete", "pruned", "failed", "cancelled"]),
    score: z.number().nullish(),
    /** Null of a fold in which none of the days can be scored. */
    fold_scores: z.array(z.number().nullable()),
    seconds: z.number(),
    error: z.string().nullish(),
  }),
  z.object({
    kind: z.literal("finding"),
    rule: z.string(),
    severity: z.enum(["info", "warning", "error"]),
    symbol: z.string().nullish(),
    date_from: z.string().nullish(),
    date_to: z.string().nullish(),
    action: z.enum(["kept", "repaired", "quarantined"]),
    rows: z.int(),
    detail: z.string(),
  }),
  z.object({
    kind: z.literal("log"),
    level: z.enum(["debug", "info", "warning", "error"]),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()),
  }),
]);
export type StepEvent = z.infer<typeof StepEvent>;
export type TrialEvent = Extract<StepEvent, { kind: "trial" }>;

export const Manifest = z.object({
  kind: z.string(),
  columns: z.record(z.string(), z.string()),
  rows: z.number(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  made_by: z.object({
    step: z.string(),
    version: z.string(),
    key: z.string(),
    params: z.record(z.string(), z.unknown()),
    inputs: z.record(z.string(), z.unknown()),
    lock: z.string(),
    engine: z.string(),
  }),
  summary: z.record(z.string(), z.unknown()),
  seconds: z.number(),
});
export type Manifest = z.infer<typeof Manifest>;
