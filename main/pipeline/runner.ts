import type { ContentKey } from "../../contract/ids.ts";
import { type Problem, problemOf } from "../../contract/problem.ts";
import type { RunEvent, RunState, StepState } from "../../contract/run.ts";
import type { StepEvent, StepName } from "../../contract/step.ts";
import type { ModelRecord } from "../project-index/models.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { RunRecord } from "../project-index/runs.ts";
import { type ArtifactMaker, capabilityOf, type Made, type Watcher } from "./artifact-maker.ts";
import { sha256Of } from "./content-key.ts";
import type { Bars, DataSets } from "./data-sets.ts";
import { importDay } from "./import-day.ts";
import type { OutsideTrials } from "./outside-trials.ts";
import { planStep } from "./plan.ts";
import type { Policies } from "./policies.ts";
import type { RunLog } from "./run-log.ts";
import type { Capabilities, StepEngine } from "./step-engine.ts";
import { STEP_GRAPH, STEP_ORDER, upstreamOf } from "./steps.ts";
import { JudgeSummary, RegisterSummary, readSummary } from "./summaries.ts";

/** What a runner works with; all of it outlives the run. */
export type Ground = {
  readonly index: ProjectIndex;
  readonly engine: StepEngine;
  readonly maker: ArtifactMaker;
  readonly dataSets: DataSets;
  readonly log: RunLog;
  readonly policies: Policies;
  readonly outside: OutsideTrials;
  readonly places: () => Promise<{ tracking: string }>;
  readonly now: () => Date;
};

/** Why a run was told to stop: a person cancelled it, or the workbench closes and will resume. */
export type StopReason = "cancelled" | "interrupted";

/** One attempt at a run: every step as soon as its inputs are there, from the cache or made. */
export class Runner {
  readonly #ground: Ground;
  readonly #record: RunRecord;
  readonly #signal: AbortSignal;
  /** The data version that an earlier attempt of this run stood on. */
  readonly #pinned: ContentKey | null;
  readonly #outcomes = new Map<StepName, Promise<Made>>();
  #capabilities: Promise<Capabilities> | null = null;
  #bars: Bars | null = null;
  #problem: Problem | null = null;

  constructor(ground: Ground, record: RunRecord, signal: AbortSignal) {
    this.#ground = ground;
    this.#record = record;
    this.#signal = signal;
    const earlier = ground.index.steps.ofRun(record.run);
    this.#pinned = earlier.find(({ step }) => step === "ingest")?.key ?? null;
  }

  /** Does what is still to be done, and records how the run ended. */
  async execute(): Promise<void> {
    const began = performance.now();
    const outcomes = await Promise.allSettled(STEP_ORDER.map((step) => this.#outcome(step)));
    const whole = outcomes.every(({ status }) => status === "fulfilled");
    const state = whole ? "done" : this.#endState();
    const problem = state === "failed" ? this.#problem : null;
    const { index, log, now } = this.#ground;
    log.record(this.#record.run, { type: "ended", state, problem }, () =>
      index.runs.end(this.#record.run, { state, problem, seconds: since(began), at: now() }),
    );
  }

  #endState(): Exclude<RunState, "running" | "done"> {
    return this.#problem === null && this.#signal.aborted ? this.#stopReason() : "failed";
  }

  #stopReason(): StopReason {
    return this.#signal.reason as StopReason;
  }

  /** The step's artifact: asked for by every step downstream, obtained once. */
  #outcome(step: StepName): Promise<Made> {
    const outcome = this.#outcomes.get(step) ?? this.#settle(step);
    this.#outcomes.set(step, outcome);
    return outcome;
  }

  async #settle(step: StepName): Promise<Made> {
    let inputs: ReadonlyMap<StepName, Made>;
    try {
      inputs = await this.#inputsOf(step);
      this.#signal.throwIfAborted();
    } catch (error) {
      const kept = this.#signal.aborted && this.#stopReason() === "interrupted";
      this.#end(step, kept ? "waiting" : "skipped", {});
      throw error;
    }
    const began = performance.now();
    try {
      const made = await this.#obtain(step, inputs);
      this.#finish(step, made, inputs, since(began));
      return made;
    } catch (error) {
      this.#stop(step, error, since(began));
      throw error;
    }
  }

  async #inputsOf(step: StepName): Promise<ReadonlyMap<StepName, Made>> {
    const upstream = [...new Set(upstreamOf(step))];
    return new Map(
      await Promise.all(upstream.map(async (name) => [name, await this.#outcome(name)] as const)),
    );
  }

  async #obtain(step: StepName, inputs: ReadonlyMap<StepName, Made>): Promise<Made> {
    this.#capabilities ??= this.#ground.engine.capabilities();
    const capabilities = await this.#capabilities;
    const { idea, sources } = this.#record;
    if (step === "ingest") {
      const wanted = { name: idea.universe.data, sources, pinned: this.#pinned };
      this.#bars = await this.#ground.dataSets.obtain(
        wanted,
        capabilities,
        this.#watch(step, null),
      );
      return this.#bars;
    }
    // What was tried before this model is fitted must stand before its trials in the ledger.
    if (step === "train") this.#ground.outside.takeIn();
    const keys = new Map([...inputs].map(([name, { key }]) => [name, key]));
    const known = {
      trialsOnData: this.#trialsOnData(inputs.get("train")),
      gates: this.#ground.policies.of(idea.gates),
      today: this.#bars && importDay(this.#bars.version),
    };
    const planned = planStep(step, idea, capabilities, keys, known);
    const work = {
      ...planned,
      params: { ...planned.params, ...this.#labels(step, capabilities) },
      inputs: Object.fromEntries(
        Object.entries(STEP_GRAPH[step].inputs).map(([name, upstream]) => [
          name,
          (inputs.get(upstream) as Made).folder,
        ]),
      ),
      places: step === "register" ? this.#ground.places : () => Promise.resolve({}),
    };
    return await this.#ground.maker.obtain(work, this.#watch(step, planned.key));
  }

  /**
   * How many trials the verdict must answer for: those made on the data set before this model's
   * own or with them, whatever became of them, in the ledger's order. Later work on the same data
   * does not change it, so that a verdict, once given, stays a cache hit; the later model is the
   * one that has looked at the data more often, and it answers for all.
   *
   * A model whose trials the ledger has lost answers for those that it tells of itself at least.
   */
  #trialsOnData(train: Made | undefined): number {
    if (!train) return 0;
    const { trials } = this.#ground.index;
    const own = Number(train.manifest.summary.trials ?? 0);
    return Math.max(own, trials.countUpTo(this.#record.idea.universe.data, train.key));
  }

  /**
   * What a registered model says of where it came from. None of it is in the key: the same model
   * made by another run is the same model, and keeps the labels of the run that made it first.
   */
  #labels(step: StepName, capabilities: Capabilities): Record<string, unknown> {
    if (step !== "register") return {};
    const { run, idea } = this.#record;
    return {
      tags: {
        run,
        idea: idea.id,
        data: idea.universe.data,
        data_version: String(this.#bars?.version.version),
        data_key: String(this.#bars?.key),
        code: capabilityOf(capabilities, "train").code,
      },
    };
  }

  #watch(step: StepName, key: ContentKey | null): Watcher {
    const { index, log, now } = this.#ground;
    const { run } = this.#record;
    let started = false;
    return {
      signal: this.#signal,
      onStart: () => {
        if (started) return;
        started = true;
        const event = {
          type: "step",
          step,
          state: "running",
          seconds: null,
          summary: null,
        } as const;
        log.record(run, event, () => index.steps.start(run, step, key, now()));
      },
      onEvent: (news) => this.#tell(step, key, news),
    };
  }

  #tell(step: StepName, key: ContentKey | null, news: StepEvent): void {
    const { index, log, now } = this.#ground;
    const { run, idea } = this.#record;
    const event: RunEvent = { type: "news", step, news };
    if (news.kind !== "trial" || key === null) {
      log.tell(run, event);
      return;
    }
    const origin = { data_set: idea.universe.data, artifact: key, idea: idea.id, run };
    const paramsHash = sha256Of({ engine: news.engine, params: news.params });
    log.record(run, event, () => index.trials.record(origin, news, paramsHash, now()));
  }

  #finish(step: StepName, made: Made, inputs: ReadonlyMap<StepName, Made>, seconds: number): void {
    const judge = inputs.get("judge");
    const model = step === "register" && judge ? this.#model(made, judge) : null;
    this.#end(step, made.cached ? "cached" : "done", { made, seconds, model });
  }

  #model({ key, manifest }: Made, judge: Made): ModelRecord {
    const { model: name, version } = readSummary(RegisterSummary, manifest.summary, "register");
    const { verdict } = readSummary(JudgeSummary, judge.manifest.summary, "judge");
    const { run, idea } = this.#record;
    return {
      name,
      version,
      key,
      verdict,
      idea: idea.id,
      run,
      created: this.#ground.now().toISOString(),
    };
  }

  #stop(step: StepName, error: unknown, seconds: number): void {
    if (this.#signal.aborted) {
      const state = this.#stopReason() === "interrupted" ? "waiting" : "cancelled";
      this.#end(step, state, { seconds });
      return;
    }
    const problem = problemOf(error);
    this.#problem ??= problem;
    this.#end(step, "failed", { seconds, problem });
  }

  #end(step: StepName, state: Exclude<StepState, "running">, end: StepEnd): void {
    const { made, model, seconds = null, problem = null } = end;
    const { index, log, now } = this.#ground;
    const { run } = this.#record;
    const summary = made?.manifest.summary ?? null;
    log.record(run, { type: "step", step, state, seconds, summary }, () => {
      const key = made?.key ?? null;
      const rows = this.#bars?.version.rows ?? null;
      index.steps.end(run, step, { state, key, seconds, rows, problem, at: now() });
      // A cached registration stays the model of the run that made it.
      if (model && index.models.get(model.name, model.version)?.key !== model.key) {
        index.models.record(model);
      }
    });
  }
}

type StepEnd = { made?: Made; model?: ModelRecord | null; seconds?: number; problem?: Problem };

const since = (began: number) => (performance.now() - began) / 1000;
