import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Idea } from "../../../contract/idea.ts";
import { ContentKey, IdeaId, RunId } from "../../../contract/ids.ts";
import type { Manifest, StepName } from "../../../contract/step.ts";
import { parseIdea } from "../../../main/pipeline/idea-document.ts";
import { openProjectIndex, type ProjectIndex } from "../../../main/project-index/project-index.ts";
import { Workspace } from "../../../main/runtime/workspace.ts";

const MANY = 10_000;
/** Kinds of result; every run has one of them, as if it had found it in the cache. */
const RESULTS = 30;
const STEPS = ["train", "backtest", "judge"] as const;
const VERDICTS = ["reject", "watch", "reject", "deploy"] as const;
const TEMPLATE = join(import.meta.dirname, "../../../resources/ideas/volatility.idea.yaml");

/** The idea that was run as often as there are other ideas. */
export const BUSIEST = IdeaId.parse("busiest");

/**
 * Fills a workspace that nobody owns yet with 10,000 ideas, each run once, and one idea run 10,000
 * times, through the repositories that the workbench itself writes with.
 */
export function fillLarge(folder: string): void {
  const { index: file, backups } = new Workspace(folder).create();
  const index = openProjectIndex({ file, backups });
  const template = parseIdea(readFileSync(TEMPLATE, "utf8"));
  index.durable(() => {
    for (let result = 0; result < RESULTS; result += 1) recordResult(index, result);
    for (let number = 0; number < MANY; number += 1) {
      const idea: Idea = {
        ...template,
        id: IdeaId.parse(`idea-${number}`),
        name: `${template.name} ${number}`,
        tags: [`tag ${number % 40}`, `kind ${number % 7}`],
      };
      index.ideas.save(idea, minute(number));
      recordRun(index, idea, number);
    }
    const busiest: Idea = { ...template, id: BUSIEST, name: "Tried again and again" };
    index.ideas.save(busiest, minute(0));
    for (let number = 0; number < MANY; number += 1) recordRun(index, busiest, MANY + number);
  });
  index.close();
}

function recordRun(index: ProjectIndex, idea: Idea, number: number): void {
  const run = RunId.parse(`r-${String(number).padStart(10, "0")}`);
  const at = minute(number);
  index.runs.begin(run, idea, null, at);
  index.steps.plan(run, STEPS);
  for (const step of STEPS) {
    const key = keyOf(step, number % RESULTS);
    const end = { state: "cached", key, seconds: 1, rows: 619_040, problem: null, at } as const;
    index.steps.end(run, step, end);
  }
  index.runs.end(run, { state: "done", problem: null, seconds: 30 + (number % 60), at });
}

function recordResult(index: ProjectIndex, result: number): void {
  const score = Math.sin(result);
  const summaries = {
    train: {
      rank_ic: score / 2,
      icir: score,
      baseline: "momentum",
      baseline_rank_ic: 0,
      folds: 6,
      folds_ahead: 3,
      trials: 24,
    },
    backtest: { sharpe_net: score * 2 },
    judge: {
      verdict: VERDICTS[result % VERDICTS.length],
      summary: "Made up for a measurement.",
      deflated_sharpe: 0.5,
      gates: [],
    },
  };
  for (const step of STEPS) {
    const key = keyOf(step, result);
    index.artifacts.record(
      key,
      step,
      `cache/${step}/${key}`,
      manifest(step, summaries[step]),
      minute(0),
    );
  }
  const equity = Array.from({ length: 60 }, (_, at) => 1 + (score * at) / 100 + Math.sin(at) / 50);
  index.ideaList.keepPictures(new Map([[keyOf("judge", result), equity]]));
}

function manifest(step: StepName, summary: Manifest["summary"]): Manifest {
  const made_by = { step, version: "1", key: "", params: {}, inputs: {}, lock: "", engine: "" };
  return { kind: step, columns: {}, rows: 0, files: [], made_by, summary, seconds: 1 };
}

const minute = (number: number) => new Date(Date.UTC(2020, 0, 1) + number * 60_000);

const keyOf = (step: StepName, result: number) =>
  ContentKey.parse(createHash("sha256").update(`${step} ${result}`).digest("hex"));
