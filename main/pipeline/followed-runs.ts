import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import { dataSetNameFrom } from "../../contract/data.ts";
import type { DataSetName, IdeaId, RunId } from "../../contract/ids.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import type { RunOverview, RunResult } from "../../contract/run.ts";
import type { ModelRegistry } from "../rollout/registry.ts";
import { parseIdea } from "./idea-document.ts";
import type { Pipeline } from "./pipeline.ts";
import type { RunEvidence } from "./run-evidence.ts";

export interface FollowedRunsOptions {
  readonly pipeline: Pipeline;
  readonly evidence: RunEvidence;
  /** Writes a run's report, and tells where it is. */
  readonly report: (result: RunResult) => Promise<string>;
  /** Keeps a copy of it beside the model that the run registered. */
  readonly registry: Pick<ModelRegistry, "attach">;
  /** Hands on the trials of a run that registers no model. */
  readonly logTrials: () => Promise<void>;
  /** A run has come to its end, report and all. */
  readonly onEnd: () => void;
  readonly log: Logger;
}

/** Runs from their start until their report is written. */
export class FollowedRuns {
  readonly #options: FollowedRunsOptions;
  readonly #working = new Map<RunId, Promise<void>>();

  constructor(options: FollowedRunsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#working.size;
  }

  /** Tests an idea; with `data`, imports these sources first, as the data set to test it on. */
  start({ yaml, file, data }: { yaml: string; file: string; data?: string[] | undefined }): {
    idea: IdeaId;
    run: RunId;
  } {
    const written = parseIdea(yaml, file);
    const idea = data
      ? { ...written, universe: { ...written.universe, data: dataSetNameOf(data) } }
      : written;
    const { run, done } = this.#options.pipeline.start(idea, data ? { data } : { yaml });
    this.#follow(run, done);
    return { idea: idea.id, run };
  }

  /** Tests the idea of a run once more, as it was then. */
  again(of: RunId): { idea: IdeaId; run: RunId } {
    const { idea, run, done } = this.#options.pipeline.again(of);
    this.#follow(run, done);
    return { idea, run };
  }

  resume(run: RunId): { run: RunId } {
    this.#follow(run, this.#options.pipeline.resume(run).done);
    return { run };
  }

  overview(run: RunId): RunOverview {
    return this.#options.evidence.overview(run, this.#options.pipeline.estimate(run));
  }

  /** A run as it stands; one that has ended has its report. */
  async result(run: RunId): Promise<RunResult> {
    const result = await this.#options.pipeline.result(run);
    if (result.state === "running") return result;
    await this.#working.get(run);
    return this.#options.pipeline.result(run);
  }

  /** The report of a run that has ended, and what to call it in a folder of others. */
  async report(run: RunId): Promise<{ file: string; html: string }> {
    const { report, idea, state } = await this.result(run);
    if (report) return { file: `${idea}-${run}.html`, html: await readFile(report, "utf8") };
    throw new WorkbenchError({
      code: "report.none",
      detail: `Run ${run} has no report.`,
      hint:
        state === "running"
          ? "It is written when the run has ended."
          : "Test the idea again: a run leaves a report when it ends.",
      where: { run },
    });
  }

  async settled(): Promise<void> {
    await Promise.all(this.#working.values());
  }

  #follow(run: RunId, done: Promise<RunResult>): void {
    const { logTrials, onEnd, log } = this.#options;
    const working = done
      .then(async (result) => {
        // An interrupted run is about to be taken up again, and the services are ending.
        const trials = result.state === "interrupted" ? undefined : logTrials();
        await Promise.all([this.#report(result), trials]);
      })
      .catch((err) => log.error({ run, err }, "a run ended without a report"))
      .finally(() => {
        this.#working.delete(run);
        onEnd();
      });
    this.#working.set(run, working);
  }

  async #report(result: RunResult): Promise<void> {
    const file = await this.#options.report(result);
    const registered = result.steps.some(
      ({ name, state }) => name === "register" && state === "done",
    );
    if (!registered || !result.model) return;
    const { name, version } = result.model;
    await this.#options.registry.attach(name, version, "report.html", await readFile(file));
  }
}

function dataSetNameOf([first = ""]: readonly string[]): DataSetName {
  const name = dataSetNameFrom(first);
  if (name) return name;
  throw new WorkbenchError({
    code: "data.no_name",
    detail: `No name for a data set can be made from ${first}.`,
    hint: "Import it under a name first: `data import NAME PATH`.",
    where: { path: first },
  });
}
