import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ContentKey } from "../../contract/ids.ts";
import { LeaderboardEntry, RunFinding, RunResult } from "../../contract/run.ts";
import type { StepName } from "../../contract/step.ts";
import { readArtifactFile } from "../project-index/artifact-file.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { RunRecord } from "../project-index/runs.ts";
import type { StepRecord } from "../project-index/steps.ts";
import type { Workspace } from "../runtime/workspace.ts";
import {
  BacktestSummary,
  FeaturesSummary,
  JudgeSummary,
  RegisterSummary,
  readSummary,
  SelectSummary,
  TrainSummary,
} from "./summaries.ts";

/** Puts a run's result together from what the index and the finished steps' artifacts say. */
export async function assembleResult(
  record: RunRecord,
  index: ProjectIndex,
  workspace: Workspace,
  now: Date,
): Promise<RunResult> {
  const steps = index.steps.ofRun(record.run);
  const keys = finishedKeys(steps);
  const read = <T>(schema: z.ZodType<T>, step: StepName): T | null => {
    const key = keys.get(step);
    const artifact = key && index.artifacts.get(key);
    return artifact ? readSummary(schema, artifact.summary, step) : null;
  };
  const file = <T>(schema: z.ZodType<T>, step: StepName, name: string): Promise<T | null> =>
    readArtifactFile(schema, name, keys.get(step), index, workspace);
  const features = read(FeaturesSummary, "features");
  const select = read(SelectSummary, "select");
  const train = read(TrainSummary, "train");
  const judge = read(JudgeSummary, "judge");
  const register = read(RegisterSummary, "register");
  const report = join(workspace.runs, record.run, "report.html");
  return RunResult.parse({
    run: record.run,
    idea: record.idea_id,
    name: record.idea.name,
    state: record.state,
    started: record.started,
    data: dataOf(keys.get("ingest"), index),
    findings: (await file(z.array(RunFinding), "check", "findings.json")) ?? [],
    features: features && select && { made: features.made, kept: select.kept },
    metrics: train && {
      ...train,
      sharpe_net: read(BacktestSummary, "backtest")?.sharpe_net ?? null,
      deflated_sharpe: judge?.deflated_sharpe ?? null,
    },
    verdict: judge?.verdict ?? null,
    summary: judge?.summary ?? null,
    gates: judge?.gates ?? [],
    leaderboard: (await file(z.array(LeaderboardEntry), "train", "leaderboard.json")) ?? [],
    equity: (await file(z.array(z.number()), "backtest", "equity.json")) ?? [],
    model: register && { name: register.model, version: register.version },
    steps: steps.map(({ step, state, seconds }) => ({
      name: step,
      state,
      seconds: seconds ?? 0,
      cached: state === "cached",
    })),
    report: existsSync(report) ? report : null,
    problem: record.problem,
    seconds: record.seconds ?? (now.getTime() - Date.parse(record.started)) / 1000,
  } satisfies RunResult);
}

/** Content key of the artifact of each step that is done. */
export function finishedKeys(steps: readonly StepRecord[]): ReadonlyMap<StepName, ContentKey> {
  return new Map(
    steps.flatMap(({ step, state, key }) =>
      key !== null && (state === "done" || state === "cached") ? [[step, key] as const] : [],
    ),
  );
}

function dataOf(key: ContentKey | undefined, index: ProjectIndex): RunResult["data"] {
  const found = key && index.dataVersions.get(key);
  if (!found) return null;
  const { name, version, rows, symbols } = found;
  return { name, version, rows, symbols };
}
