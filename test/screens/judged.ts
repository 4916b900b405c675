import { createHash } from "node:crypto";
import { ContentKey, RunId } from "../../contract/ids.ts";
import type { Verdict } from "../../contract/run.ts";
import type { Manifest, StepName } from "../../contract/step.ts";
import { parseIdea } from "../../main/pipeline/idea-document.ts";
import { openProjectIndex, type ProjectIndex } from "../../main/project-index/project-index.ts";
import { Workspace } from "../../main/runtime/workspace.ts";
import type { OpenWorkspace } from "./workbench.ts";

type Listed = { yaml: string; verdict?: Verdict };

/**
 * Ideas with the verdicts that they came to, in a workspace that nobody owns yet: written through
 * the repositories that the workbench itself writes with, without a minute of training each.
 */
export function writeJudged({ folder }: OpenWorkspace, ideas: readonly Listed[]): void {
  const { index: file, backups } = new Workspace(folder).create();
  const index = openProjectIndex({ file, backups });
  index.durable(() => {
    for (const [number, { yaml, verdict }] of ideas.entries()) {
      const idea = parseIdea(yaml);
      index.ideas.save(idea, minute(number), yaml);
      if (verdict) recordRun(index, idea, verdict, number);
    }
  });
  index.close();
}

function recordRun(
  index: ProjectIndex,
  idea: ReturnType<typeof parseIdea>,
  verdict: Verdict,
  number: number,
): void {
  const at = minute(number);
  const run = RunId.parse(`r-${String(number).padStart(10, "0")}`);
  const score = number / 10;
  const summaries = {
    train: {
      ...{ rank_ic: score, icir: score, baseline: "momentum", baseline_rank_ic: 0 },
      ...{ folds: 3, folds_ahead: 2, trials: 4 },
    },
    backtest: { sharpe_net: score },
    judge: { verdict, summary: `${verdict}: written down.`, deflated_sharpe: score, gates: [] },
  };
  const steps = ["train", "backtest", "judge"] as const;
  index.runs.begin(run, idea, null, at);
  index.steps.plan(run, steps);
  for (const step of steps) {
    const key = keyOf(`${step} ${number}`);
    index.artifacts.record(key, step, `cache/${step}/${key}`, manifest(step, summaries[step]), at);
    index.steps.end(run, step, {
      ...{ state: "done", key, seconds: 1, rows: 1, problem: null },
      at,
    });
  }
  index.runs.end(run, { state: "done", problem: null, seconds: 3, at });
}

function manifest(step: StepName, summary: Manifest["summary"]): Manifest {
  const made_by = { step, version: "1", key: "", params: {}, inputs: {}, lock: "", engine: "" };
  return { kind: step, columns: {}, rows: 0, files: [], made_by, summary, seconds: 1 };
}

const minute = (number: number) => new Date(Date.UTC(2020, 0, 1) + number * 60_000);

const keyOf = (text: string) => ContentKey.parse(createHash("sha256").update(text).digest("hex"));
