import { z } from "zod";
import type { ContentKey } from "../../contract/ids.ts";
import { problemOf } from "../../contract/problem.ts";
import type { TrialEvent } from "../../contract/step.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { TrialRecord } from "../project-index/trials.ts";
import type { ModelRegistry } from "./registry.ts";

const API = "/api/2.0/mlflow";
/** On the run of MLflow that holds such trials, and on each of theirs. */
const TAG = "breadthflow.unregistered";
const LONGEST_VALUE = 5000;
const STATUS = { complete: "FINISHED", failed: "FAILED", pruned: "KILLED", cancelled: "KILLED" };

const Nothing = z.unknown();
const Experiment = z.object({
  experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }),
});
const MadeExperiment = z.object({ experiment_id: z.string() });
const Run = z.object({
  info: z.object({ run_id: z.string() }),
  data: z.object({ tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]) }),
});
const MadeRun = z.object({ run: Run });
const FoundRuns = z.object({ runs: z.array(Run).default([]) });

/**
 * Every trial goes to the ledger and to MLflow. A run's register step logs those of its model; the
 * trials of runs that failed or were cancelled before are logged here, once the run has ended. It
 * may be done again at any time: what is told already is not told twice, and what a resumed run
 * registers in the end is taken back.
 */
export class UnregisteredTrials {
  readonly #index: Pick<ProjectIndex, "trials" | "loggedTrials">;
  readonly #registry: ModelRegistry;
  readonly #now: () => Date;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    index: Pick<ProjectIndex, "trials" | "loggedTrials">,
    registry: ModelRegistry,
    now: () => Date = () => new Date(),
  ) {
    this.#index = index;
    this.#registry = registry;
    this.#now = now;
  }

  /** Brings MLflow up to date with the ledger; starts it only if there is something to tell. */
  log(): Promise<void> {
    const turn = this.#turn.then(async () => {
      const { loggedTrials } = this.#index;
      for (const artifact of loggedTrials.superseded()) {
        await this.#takeBack(artifact);
        loggedTrials.forget(artifact);
      }
      for (const artifact of loggedTrials.pending()) await this.#tell(artifact);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #tell(artifact: ContentKey): Promise<void> {
    const records = this.#index.trials.ofArtifact(artifact);
    const [first] = records;
    if (!first) return;
    const experiment = await this.#experiment(first.idea);
    const known = await this.#find(experiment, `tags.\`breadthflow.train_key\` = '${artifact}'`);
    const registered = known.some(({ data }) => !data.tags.some(({ key }) => key === TAG));
    if (!registered) {
      await this.#remove(experiment, artifact);
      await this.#logAll(experiment, artifact, first, records);
    }
    this.#index.loggedTrials.mark(artifact, records.length, this.#now());
  }

  async #takeBack(artifact: ContentKey): Promise<void> {
    const [first] = this.#index.trials.ofArtifact(artifact);
    if (first) await this.#remove(await this.#experiment(first.idea), artifact);
  }

  async #logAll(
    experiment: string,
    artifact: ContentKey,
    { run, idea, data_set }: TrialRecord,
    records: readonly TrialRecord[],
  ): Promise<void> {
    const parent = await this.#begin(experiment, `${run} (not registered)`, {
      "breadthflow.run": run,
      "breadthflow.idea": idea,
      "breadthflow.data": data_set,
      "breadthflow.train_key": artifact,
      [TAG]: artifact,
    });
    for (const { trial } of records) {
      const child = await this.#begin(experiment, `trial ${trial.number} ${trial.engine}`, {
        "mlflow.parentRunId": parent,
        "breadthflow.state": trial.state,
        [TAG]: artifact,
      });
      await this.#registry.ask(Nothing, `${API}/runs/log-batch`, {
        run_id: child,
        params: paramsOf(trial),
        metrics: this.#metricsOf(trial),
        tags: trial.error ? [{ key: "breadthflow.error", value: short(trial.error) }] : [],
      });
      await this.#end(child, STATUS[trial.state]);
    }
    await this.#end(parent, "KILLED");
  }

  async #experiment(name: string): Promise<string> {
    const query = new URLSearchParams({ experiment_name: name });
    try {
      const found = await this.#registry.ask(Experiment, `${API}/experiments/get-by-name?${query}`);
      const { experiment_id, lifecycle_stage } = found.experiment;
      if (lifecycle_stage === "deleted") {
        await this.#registry.ask(Nothing, `${API}/experiments/restore`, { experiment_id });
      }
      return experiment_id;
    } catch (error) {
      if (problemOf(error).code !== "registry.not_found") throw error;
      const made = await this.#registry.ask(MadeExperiment, `${API}/experiments/create`, { name });
      return made.experiment_id;
    }
  }

  async #find(experiment: string, filter: string): Promise<z.infer<typeof Run>[]> {
    const found = await this.#registry.ask(FoundRuns, `${API}/runs/search`, {
      experiment_ids: [experiment],
      filter,
      max_results: 10_000,
    });
    return found.runs;
  }

  async #remove(experiment: string, artifact: ContentKey): Promise<void> {
    for (const { info } of await this.#find(experiment, `tags.\`${TAG}\` = '${artifact}'`)) {
      await this.#registry.ask(Nothing, `${API}/runs/delete`, { run_id: info.run_id });
    }
  }

  async #begin(
    experiment: string,
    name: string,
    tags: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { run } = await this.#registry.ask(MadeRun, `${API}/runs/create`, {
      experiment_id: experiment,
      run_name: name,
      start_time: this.#now().getTime(),
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });
    return run.info.run_id;
  }

  async #end(run: string, status: string): Promise<void> {
    const end = { run_id: run, status, end_time: this.#now().getTime() };
    await this.#registry.ask(Nothing, `${API}/runs/update`, end);
  }

  #metricsOf({ score, seconds, fold_scores }: TrialEvent) {
    const timestamp = this.#now().getTime();
    const metric = (key: string, value: number, step = 0) => ({ key, value, timestamp, step });
    return [
      ...(score === null || score === undefined ? [] : [metric("score", score)]),
      metric("seconds", seconds),
      ...fold_scores.flatMap((value, fold) =>
        value === null ? [] : [metric("fold_score", value, fold)],
      ),
    ];
  }
}

function paramsOf({ engine, params }: TrialEvent): { key: string; value: string }[] {
  return Object.entries({ engine, ...params }).map(([key, value]) => ({
    key,
    value: short(typeof value === "string" ? value : JSON.stringify(value)),
  }));
}

const short = (text: string) =>
  text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
