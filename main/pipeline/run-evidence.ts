import { z } from "zod";
import {
  BacktestAnalytics,
  BacktestMetrics,
  Catalogue,
  Correlation,
  FeatureChoices,
  Folds,
  IcSeries,
  Importance,
  Leaderboard,
  VerdictNotes,
} from "../../contract/artifacts.ts";
import type { ContentKey, RunId } from "../../contract/ids.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import { RunFinding, type RunOverview } from "../../contract/run.ts";
import { Paths, Statistics } from "../../contract/statistics.ts";
import type { StepEvent, StepName } from "../../contract/step.ts";
import { readArtifactFile } from "../project-index/artifact-file.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { RunRecord } from "../project-index/runs.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { isEditedSince } from "./edited-since.ts";
import { importDay } from "./import-day.ts";
import type { Policies } from "./policies.ts";
import { finishedKeys } from "./run-result.ts";
import { STEP_GRAPH } from "./steps.ts";
import { JudgeSummary, RegisterSummary, readSummary, TrainSummary } from "./summaries.ts";

/**
 * A run in parts, each as soon as the step that it rests on is done: what is seen at a glance, and
 * one part for each tab of the Idea screen. What a run has not come to yet is null.
 */
export class RunEvidence {
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  readonly #policies: Policies;

  constructor(index: ProjectIndex, workspace: Workspace, policies: Policies) {
    this.#index = index;
    this.#workspace = workspace;
    this.#policies = policies;
  }

  /** @param remaining seconds until the run ends, where they can be told */
  overview(run: RunId, remaining: number | null): RunOverview {
    const record = this.#known(run);
    const steps = this.#index.steps.ofRun(run);
    const keys = finishedKeys(steps);
    const summaryOf = (step: StepName) => {
      const key = keys.get(step);
      return (key && this.#index.artifacts.get(key)?.summary) ?? null;
    };
    const read = <T>(schema: z.ZodType<T>, step: StepName): T | null => {
      const summary = summaryOf(step);
      return summary && readSummary(schema, summary, step);
    };
    const bars = keys.get("ingest");
    const data = bars && this.#index.dataVersions.get(bars);
    const judge = read(JudgeSummary, "judge");
    const register = read(RegisterSummary, "register");
    return {
      run,
      number: this.#index.runs.numberOf(run),
      idea: record.idea,
      edited_since: isEditedSince(record.idea, this.#index),
      state: record.state,
      started: record.started,
      seconds: record.seconds,
      remaining,
      problem: record.problem,
      data: data
        ? pick(data, ["name", "version", "key", "rows", "symbols", "first", "last"])
        : null,
      survivorship: summaryOf("check")?.survivorship === true,
      steps: steps.map(({ step, ...rest }) => ({
        name: step,
        ...pick(rest, ["state", "seconds", "started", "key", "problem"]),
        summary: summaryOf(step),
      })),
      baseline: read(TrainSummary, "train")?.baseline ?? null,
      verdict: judge?.verdict ?? null,
      summary: judge?.summary ?? null,
      gates: judge?.gates ?? [],
      model: register && { name: register.model, version: register.version },
    };
  }

  async findings(run: RunId): Promise<RunFinding[] | null> {
    return await this.#file(run, "check", "findings.json", z.array(RunFinding));
  }

  /** Every feature, what became of it and why, and what it weighs in the final model. */
  async features(run: RunId) {
    const [choices, catalogue, importance, correlation] = await Promise.all([
      this.#file(run, "select", "selection.json", FeatureChoices),
      this.#file(run, "features", "catalogue.json", Catalogue),
      this.#file(run, "train", "importance.json", Importance),
      this.#file(run, "select", "correlation.json", Correlation, { isRecent: true }),
    ]);
    const described = new Map(catalogue?.map((feature) => [feature.name, feature]));
    const weight = new Map(importance?.map(({ feature, importance }) => [feature, importance]));
    return (
      choices && {
        weighed: importance !== null,
        correlation,
        features: choices.features.map((choice) => ({
          ...choice,
          score: choice.score ?? null,
          stability: choice.stability ?? null,
          family: described.get(choice.name)?.family ?? null,
          expression: described.get(choice.name)?.expression ?? null,
          lookback: described.get(choice.name)?.lookback ?? null,
          meaning: described.get(choice.name)?.meaning ?? null,
          importance: weight.get(choice.name) ?? null,
        })),
      }
    );
  }

  /** The leaderboard, and every trial of the search, whatever became of it. */
  async models(run: RunId) {
    const leaderboard = await this.#file(run, "train", "leaderboard.json", Leaderboard);
    const key = this.#keyOf(run, "train");
    const trials = key ? this.#index.trials.ofArtifact(key).map(({ trial }) => trial) : [];
    return leaderboard && { leaderboard, trials };
  }

  async validation(run: RunId) {
    const [folds, leaderboard, ic, paths, statistics] = await Promise.all([
      this.#file(run, "train", "folds.json", Folds),
      this.#file(run, "train", "leaderboard.json", Leaderboard),
      this.#file(run, "train", "ic.json", IcSeries, { isRecent: true }),
      this.#file(run, "train", "paths.json", Paths, { isRecent: true }),
      this.#statistics(run),
    ]);
    return (
      folds &&
      leaderboard && {
        folds,
        leaderboard: leaderboard.map(({ params, ...line }) => line),
        ic,
        paths,
        statistics,
      }
    );
  }

  async backtest(run: RunId) {
    const [metrics, analytics, statistics] = await Promise.all([
      this.#file(run, "backtest", "metrics.json", BacktestMetrics),
      this.#file(run, "backtest", "analytics.json", BacktestAnalytics, { isRecent: true }),
      this.#statistics(run),
    ]);
    return metrics && { metrics, analytics, headline: statistics?.headline ?? null };
  }

  async verdict(run: RunId) {
    return await this.#file(run, "judge", "verdict.json", VerdictNotes);
  }

  /** What a step was asked to do and what it said while it did it, with the times. */
  step(run: RunId, step: StepName): StepDetails {
    const { idea } = this.#known(run);
    const steps = this.#index.steps.ofRun(run);
    const key = finishedKeys(steps).get(step);
    const artifact = key && this.#index.artifacts.get(key);
    const train = finishedKeys(steps).get("train");
    const bars = finishedKeys(steps).get("ingest");
    const version = bars && this.#index.dataVersions.get(bars);
    const known = {
      trialsOnData: train ? this.#index.trials.countUpTo(idea.universe.data, train) : 0,
      gates: this.#policies.of(idea.gates),
      today: version ? importDay(version) : null,
    };
    return {
      params: STEP_GRAPH[step].params(idea, known),
      artifact: artifact
        ? pick(artifact, ["key", "kind", "path", "rows", "bytes", "created"])
        : null,
      events: this.#index.events.ofStep(run, step),
    };
  }

  /** Null until the run has been judged, and where an earlier version judged it. */
  #statistics(run: RunId): Promise<Statistics | null> {
    return this.#file(run, "judge", "statistics.json", Statistics, { isRecent: true });
  }

  async #file<T>(
    run: RunId,
    step: StepName,
    name: string,
    schema: z.ZodType<T>,
    options: { isRecent?: boolean } = {},
  ): Promise<T | null> {
    const key = this.#keyOf(run, step);
    return await readArtifactFile(schema, name, key, this.#index, this.#workspace, options);
  }

  #keyOf(run: RunId, step: StepName): ContentKey | undefined {
    this.#known(run);
    return finishedKeys(this.#index.steps.ofRun(run)).get(step);
  }

  #known(run: RunId): RunRecord {
    const record = this.#index.runs.get(run);
    if (record) return record;
    throw new WorkbenchError({
      code: "run.unknown",
      detail: `There is no run ${run} in this workspace.`,
      hint: "Choose one from the list of its idea's runs.",
      where: { run },
    });
  }
}

export type StepDetails = {
  params: Readonly<Record<string, unknown>>;
  artifact: {
    key: ContentKey;
    kind: string;
    /** Relative to the workspace. */
    path: string;
    rows: number;
    bytes: number;
    created: string;
  } | null;
  events: { at: string; news: StepEvent }[];
};

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;
}
