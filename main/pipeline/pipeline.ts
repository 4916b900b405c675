import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Reading } from "../../contract/data.ts";
import type { Idea } from "../../contract/idea.ts";
import type { DataSetName, IdeaId, RunId } from "../../contract/ids.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import { type NumberedRunEvent, RunFinding, type RunResult } from "../../contract/run.ts";
import { readArtifactFile } from "../project-index/artifact-file.ts";
import type { DataVersion } from "../project-index/data-versions.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { RunRecord } from "../project-index/runs.ts";
import { writeJsonAtomic } from "../runtime/atomic-file.ts";
import type { Log } from "../runtime/log.ts";
import type { TypedEvent } from "../runtime/typed-event.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { ArtifactMaker } from "./artifact-maker.ts";
import { ArtifactCache, type IsRegistered } from "./cache.ts";
import { DataSets } from "./data-sets.ts";
import { isEditedSince } from "./edited-since.ts";
import { RunEstimates } from "./estimate.ts";
import { type OperationOptions, watcherOf } from "./operation.ts";
import { OutsideTrials } from "./outside-trials.ts";
import { planCheck } from "./plan.ts";
import type { Policies } from "./policies.ts";
import { newRunId } from "./run-id.ts";
import { RunLog } from "./run-log.ts";
import { assembleResult } from "./run-result.ts";
import { type Ground, Runner, type StopReason } from "./runner.ts";
import type { StepEngine } from "./step-engine.ts";
import { STEP_ORDER } from "./steps.ts";

export type DataImport = DataVersion & { cached: boolean; seconds: number };
export type DataCheck = DataImport & {
  findings: RunFinding[];
  summary: Readonly<Record<string, unknown>>;
};

type ActiveRun = { stop: AbortController; done: Promise<RunResult> };

/** Takes ideas to results: plans, runs, resumes, cancels. One per workspace, in its owner. */
export class Pipeline {
  /** Everything that every run says. `events` follows one run. */
  readonly onEvent: TypedEvent<NumberedRunEvent>;
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  readonly #engine: StepEngine;
  readonly #now: () => Date;
  readonly #log: Log;
  readonly #runLog: RunLog;
  readonly #maker: ArtifactMaker;
  readonly #dataSets: DataSets;
  readonly #policies: Policies;
  readonly #ground: Ground;
  readonly #estimates: RunEstimates;
  readonly #active = new Map<RunId, ActiveRun>();

  /** @param places asked for when a model must really be registered: the tracking server's URL. */
  constructor({
    index,
    workspace,
    engine,
    policies,
    places,
    isRegistered,
    log,
    now = () => new Date(),
  }: {
    index: ProjectIndex;
    workspace: Workspace;
    engine: StepEngine;
    policies: Policies;
    places: () => Promise<{ tracking: string }>;
    isRegistered: IsRegistered;
    log: Log;
    now?: () => Date;
  }) {
    this.#index = index;
    this.#workspace = workspace;
    this.#engine = engine;
    this.#now = now;
    this.#log = log;
    this.#runLog = new RunLog(index, now);
    this.onEvent = this.#runLog.onEvent;
    this.#estimates = new RunEstimates(index, this.onEvent, now);
    this.#maker = new ArtifactMaker(
      engine,
      new ArtifactCache(workspace, log, isRegistered),
      index,
      now,
    );
    this.#dataSets = new DataSets(this.#maker, index, workspace, now);
    this.#policies = policies;
    this.#ground = {
      index,
      engine,
      maker: this.#maker,
      dataSets: this.#dataSets,
      log: this.#runLog,
      policies: this.#policies,
      outside: new OutsideTrials(index, workspace.ledger),
      places,
      now,
    };
  }

  /**
   * Marks the runs that a former owner of the workspace left running as interrupted. Only the
   * owner may call this, once, before it starts any run.
   */
  recover(): RunId[] {
    const left = this.#index.runs.inState("running").filter(({ run }) => !this.#active.has(run));
    for (const { run } of left) {
      this.#runLog.record(run, { type: "ended", state: "interrupted", problem: null }, () => {
        this.#index.steps.interrupt(run);
        const end = {
          state: "interrupted",
          problem: null,
          seconds: null,
          at: this.#now(),
        } as const;
        this.#index.runs.end(run, end);
      });
    }
    return left.map(({ run }) => run);
  }

  /**
   * Runs an idea. Steps whose artifact is in the cache are not done again.
   *
   * @param data files, folders or globs to import first; otherwise the data set as it stands.
   * @param yaml the text that the idea was read from, to be kept with it.
   * @returns the run's id at once, and its result when it has ended, however it ended.
   */
  start(
    idea: Idea,
    { data = null, yaml = null }: { data?: readonly string[] | null; yaml?: string | null } = {},
  ): { run: RunId; done: Promise<RunResult> } {
    return this.#begin(idea, data, () => this.#index.ideas.save(idea, this.#now(), yaml));
  }

  /**
   * Tests the idea of a run once more, as it was then. Where it has been edited since, the document
   * stays as it is now.
   */
  again(run: RunId): { idea: IdeaId; run: RunId; done: Promise<RunResult> } {
    const { idea } = this.#known(run);
    const keep = () =>
      isEditedSince(idea, this.#index)
        ? this.#index.ideas.archive(idea.id, null)
        : this.#index.ideas.save(idea, this.#now());
    return { idea: idea.id, ...this.#begin(idea, null, keep) };
  }

  /** Takes up a run that did not get to its end: finished steps are kept, the rest is done. */
  resume(run: RunId): { run: RunId; done: Promise<RunResult> } {
    const active = this.#active.get(run);
    if (active) return { run, done: active.done };
    const { state } = this.#known(run);
    if (state === "done") {
      throw new WorkbenchError({
        code: "run.finished",
        detail: `Run ${run} is done; there is nothing to resume.`,
        hint: "Run its idea again: what has not changed comes from the cache.",
        where: { run },
      });
    }
    this.#index.durable(() => {
      this.#index.runs.reopen(run, this.#now());
      this.#index.steps.plan(run, STEP_ORDER);
    });
    return { run, done: this.#execute(run) };
  }

  /** Stops a run and waits until it has stopped. What it finished stays. */
  async cancel(run: RunId): Promise<RunResult> {
    const active = this.#active.get(run);
    if (!active) {
      const { state } = this.#known(run);
      throw new WorkbenchError({
        code: "run.not_running",
        detail: `Run ${run} is not running; it is ${state}.`,
        hint: "Only a running run can be cancelled.",
        where: { run, state },
      });
    }
    active.stop.abort("cancelled" satisfies StopReason);
    return await active.done;
  }

  /** Interrupts what runs, so that it can be resumed, and waits until all of it has stopped. */
  async close(): Promise<void> {
    const active = [...this.#active.values()];
    for (const { stop } of active) stop.abort("interrupted" satisfies StopReason);
    await Promise.allSettled(active.map(({ done }) => done));
  }

  async result(run: RunId): Promise<RunResult> {
    return await assembleResult(this.#known(run), this.#index, this.#workspace, this.#now());
  }

  /** The run's events from number `fromSeq` on, then those to come, until the run has ended. */
  events(
    run: RunId,
    fromSeq = 0,
    signal?: AbortSignal,
  ): AsyncGenerator<NumberedRunEvent, void, undefined> {
    this.#known(run);
    return this.#runLog.follow(run, fromSeq, signal);
  }

  /** Seconds until the run ends, as past runs let expect; null where there is no telling. */
  estimate(run: RunId): number | null {
    return this.#known(run).state === "running" ? this.#estimates.remaining(run) : null;
  }

  /** Imports sources into a data set, as a run that is given them would. */
  async importData(
    name: DataSetName,
    sources: readonly string[],
    { reading, ...options }: OperationOptions & { reading?: Reading } = {},
  ): Promise<DataImport> {
    const began = performance.now();
    const capabilities = await this.#engine.capabilities();
    const bars = await this.#dataSets.obtain(
      { name, sources, reading },
      capabilities,
      watcherOf("ingest", options),
    );
    return { ...bars.version, cached: bars.cached, seconds: since(began) };
  }

  /** Checks a data set as it stands, as a run would. */
  async checkData(
    name: DataSetName,
    { calendar = "XNYS", ...options }: OperationOptions & { calendar?: string } = {},
  ): Promise<DataCheck> {
    const began = performance.now();
    const capabilities = await this.#engine.capabilities();
    const bars = await this.#dataSets.obtain(
      { name, sources: null },
      capabilities,
      watcherOf("ingest", options),
    );
    const made = await this.#maker.obtain(
      {
        ...planCheck(calendar, capabilities, bars.version),
        inputs: { bars: bars.folder },
        places: () => Promise.resolve({}),
      },
      watcherOf("check", options),
    );
    return {
      ...bars.version,
      cached: made.cached,
      seconds: since(began),
      findings:
        (await readArtifactFile(
          z.array(RunFinding),
          "findings.json",
          made.key,
          this.#index,
          this.#workspace,
        )) ?? [],
      summary: made.manifest.summary,
    };
  }

  #begin(
    idea: Idea,
    data: readonly string[] | null,
    keep: () => void,
  ): { run: RunId; done: Promise<RunResult> } {
    // Refused now, not after minutes of training.
    this.#policies.of(idea.gates);
    const run = newRunId(this.#now());
    this.#index.durable(() => {
      keep();
      this.#index.runs.begin(run, idea, data, this.#now());
      this.#index.steps.plan(run, STEP_ORDER);
    });
    return { run, done: this.#execute(run) };
  }

  #known(run: RunId): RunRecord {
    const record = this.#index.runs.get(run);
    if (record) return record;
    throw new WorkbenchError({
      code: "run.unknown",
      detail: `There is no run ${run} in this workspace.`,
      hint: "`runs` lists them.",
      where: { run },
    });
  }

  #execute(run: RunId): Promise<RunResult> {
    const stop = new AbortController();
    const runner = new Runner(this.#ground, this.#known(run), stop.signal);
    const done = this.#finish(run, runner.execute());
    this.#active.set(run, { stop, done });
    return done;
  }

  async #finish(run: RunId, execution: Promise<void>): Promise<RunResult> {
    try {
      await execution;
    } finally {
      this.#active.delete(run);
    }
    const result = await this.result(run);
    const folder = join(this.#workspace.runs, run);
    try {
      await mkdir(folder, { recursive: true });
      await writeJsonAtomic(join(folder, "manifest.json"), result);
    } catch (error) {
      // The index has it all; the file is for people and other tools.
      this.#log.warn({ run, err: error }, "the run's manifest could not be written");
    }
    return result;
  }
}

const since = (began: number) => (performance.now() - began) / 1000;
