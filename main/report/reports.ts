import { join } from "node:path";
import type { z } from "zod";
import {
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
import { WorkbenchError } from "../../contract/problem.ts";
import type { RunResult } from "../../contract/run.ts";
import { Paths, Statistics } from "../../contract/statistics.ts";
import type { StepName } from "../../contract/step.ts";
import { readArtifactFile } from "../project-index/artifact-file.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import { writeFileAtomic } from "../runtime/atomic-file.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { buildReport } from "./build-report.ts";

/** Writes each run's report from its result and from the files that its steps left. */
export class Reports {
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  readonly #version: string;

  constructor(options: { index: ProjectIndex; workspace: Workspace; version: string }) {
    this.#index = options.index;
    this.#workspace = options.workspace;
    this.#version = options.version;
  }

  /** Where a run's report is, or will be. */
  fileOf(run: RunResult["run"]): string {
    return join(this.#workspace.runs, run, "report.html");
  }

  /** @returns the path of the report, which replaces an older one of the same run at once */
  async write(result: RunResult): Promise<string> {
    const record = this.#index.runs.get(result.run);
    if (!record) {
      throw new WorkbenchError({
        code: "report.no_run",
        detail: `There is no run ${result.run} in this workspace.`,
        hint: "`runs` lists those that there are.",
      });
    }
    const keys = this.#index.steps
      .ofRun(result.run)
      .flatMap(({ step, state, key }) =>
        key !== null && (state === "done" || state === "cached") ? [{ step, key }] : [],
      );
    const keyOf = (step: StepName) => keys.find((entry) => entry.step === step)?.key;
    const read = <T>(
      schema: z.ZodType<T>,
      step: StepName,
      name: string,
      options?: { isRecent: boolean },
    ) => readArtifactFile(schema, name, keyOf(step), this.#index, this.#workspace, options);
    const ingest = keyOf("ingest");
    const data = ingest && this.#index.dataVersions.get(ingest);
    const train = keyOf("train");
    const text = buildReport({
      result,
      idea: record.idea,
      period: data ? { first: data.first, last: data.last } : null,
      charts: await read(Charts, "judge", "charts.json", { isRecent: true }),
      ic: await read(IcSeries, "train", "ic.json", { isRecent: true }),
      folds: await read(Folds, "train", "folds.json"),
      choices: await read(FeatureChoices, "select", "selection.json"),
      importance: await read(Importance, "train", "importance.json"),
      leaderboard: await read(Leaderboard, "train", "leaderboard.json"),
      backtest: await read(BacktestMetrics, "backtest", "metrics.json"),
      analytics: await read(BacktestAnalytics, "backtest", "analytics.json", { isRecent: true }),
      verdict: await read(VerdictNotes, "judge", "verdict.json"),
      statistics: await read(Statistics, "judge", "statistics.json", { isRecent: true }),
      paths: await read(Paths, "train", "paths.json", { isRecent: true }),
      trials: train
        ? this.#index.trials.ofArtifact(train).map(({ trial }) => ({
            number: trial.number,
            engine: trial.engine,
            state: trial.state,
            score: trial.score ?? null,
          }))
        : [],
      ledger: this.#index.trials.ofDataSet(record.idea.universe.data),
      keys,
      version: this.#version,
    });
    const file = this.fileOf(result.run);
    await writeFileAtomic(file, text);
    return file;
  }
}
