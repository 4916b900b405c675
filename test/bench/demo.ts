/**
 * The demo, twice in a new workspace: how long it takes, and what it finds.
 *
 * Prints one JSON document: seconds, milliseconds, fractions. Exits with 1 if a number misses its
 * target.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "../../contract/run.ts";
import { conclude } from "./support/python-program.ts";

const TARGETS = {
  first_seconds: 90,
  second_seconds: 10,
  cached_steps_seconds: 1,
  ready_seconds: 5,
  infer_ms_p99: 5,
  failed: 0,
  volatility_rank_ic: 0.52,
  reversal_abs_rank_ic: 0.02,
};

type Demo = {
  runs: RunResult[];
  deployment: { ready_seconds: number; infer_ms_p50: number; infer_ms_p99: number; failed: number };
  seconds: number;
};

const workspace = mkdtempSync(join(tmpdir(), "breadthflow-bench-"));
const main = join(import.meta.dirname, "../../main/shells/cli/main.ts");

function demo(): Demo {
  const done = spawnSync(process.execPath, [main, "demo", "--json", "--workspace", workspace], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status !== 0) throw new Error(`the demo failed: ${done.error ?? done.status}`);
  return JSON.parse(done.stdout) as Demo;
}

try {
  const first = demo();
  const second = demo();
  const [volatility, reversal] = first.runs as [RunResult, RunResult];
  const steps = second.runs.flatMap((run) => run.steps);
  const result = {
    first_seconds: first.seconds,
    volatility_seconds: volatility.seconds,
    reversal_seconds: reversal.seconds,
    second_seconds: second.seconds,
    cached_steps: steps.filter((step) => step.cached).length,
    cached_steps_seconds: steps.reduce((sum, step) => sum + step.seconds, 0),
    ready_seconds: first.deployment.ready_seconds,
    infer_ms_p50: first.deployment.infer_ms_p50,
    infer_ms_p99: first.deployment.infer_ms_p99,
    failed: first.deployment.failed,
    volatility_rank_ic: volatility.metrics?.rank_ic ?? Number.NaN,
    volatility_baseline_rank_ic: volatility.metrics?.baseline_rank_ic ?? Number.NaN,
    volatility_folds_ahead: volatility.metrics?.folds_ahead ?? Number.NaN,
    volatility_verdict: volatility.verdict,
    reversal_abs_rank_ic: Math.abs(reversal.metrics?.rank_ic ?? Number.NaN),
    reversal_verdict: reversal.verdict,
  };
  const passed =
    result.first_seconds < TARGETS.first_seconds &&
    result.second_seconds < TARGETS.second_seconds &&
    result.cached_steps === steps.length &&
    result.cached_steps_seconds < TARGETS.cached_steps_seconds &&
    result.ready_seconds < TARGETS.ready_seconds &&
    result.infer_ms_p99 < TARGETS.infer_ms_p99 &&
    result.failed === TARGETS.failed &&
    result.volatility_rank_ic >= TARGETS.volatility_rank_ic &&
    result.volatility_folds_ahead === volatility.metrics?.folds &&
    result.volatility_verdict === "deploy" &&
    result.reversal_abs_rank_ic < TARGETS.reversal_abs_rank_ic &&
    result.reversal_verdict === "reject";
  conclude("demo", result, TARGETS, passed);
} finally {
  rmSync(workspace, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
