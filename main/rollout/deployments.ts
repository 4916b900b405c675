import type { Deployment, InferRequest, InferResponse } from "../../contract/deployment.ts";
import { DeploymentId, type RunId } from "../../contract/ids.ts";
import { type Problem, WorkbenchError } from "../../contract/problem.ts";
import type { RunEvent, RunResult } from "../../contract/run.ts";
import type { Deployments as DeploymentRecords } from "../project-index/deployments.ts";
import type { Log } from "../runtime/log.ts";
import type { LocalRollout } from "./local.ts";
import type { ModelRegistry } from "./registry.ts";

export type DeploymentsOptions = {
  readonly records: DeploymentRecords;
  readonly rollout: Pick<
    LocalRollout,
    "load" | "unload" | "restore" | "promote" | "status" | "example" | "infer"
  >;
  readonly registry: Pick<ModelRegistry, "setTag" | "wake">;
  readonly resultOf: (run: RunId) => Promise<RunResult>;
  /** Keeps an event with what else a run said. */
  readonly tell: (run: RunId, event: RunEvent) => void;
  /** What a run's model is asked with, in its order; empty where that is not known any more. */
  readonly featuresOf: (run: RunId) => string[];
  /** What clients of the endpoint present. */
  readonly token: string;
  readonly log: Log;
  readonly now?: () => Date;
};

/** A deployment as its screen shows it. The token is not in it. */
export type DeploymentView = Deployment & {
  readonly restarts: number;
  readonly log: string | null;
  readonly problem: Problem | null;
  /** The service of the stack that serves it. */
  readonly service: string | null;
  readonly features: readonly string[];
  readonly example: InferRequest | null;
};

/** Turns runs into deployments, and keeps the record of what is being served. */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #promotions = new Map<DeploymentId, Promise<void>>();

  constructor(options: DeploymentsOptions) {
    this.#options = options;
  }

  /** All deployments as they are now, the newest first. */
  list(): Deployment[] {
    return this.#options.records.list().map((record) => this.#asItIs(record));
  }

  /** A deployment with what is known of its server, and what it can be asked with. */
  get(deployment: DeploymentId): DeploymentView {
    const { rollout, featuresOf } = this.#options;
    const record = this.#asItIs(this.#known(deployment));
    const status = rollout.status(deployment);
    return {
      ...record,
      restarts: status?.restarts ?? 0,
      log: status?.log ?? null,
      problem: status?.problem ?? null,
      service: status?.service ?? null,
      features: featuresOf(record.run),
      example: status ? rollout.example(deployment).request : null,
    };
  }

  isServing(): boolean {
    return this.#options.records.inState("live").length > 0;
  }

  /**
   * Serves a run's model under its idea's name; returns when it has answered its stored example
   * rightly through the router. From then on it is being made the champion, which needs the
   * registry, as serving does not; `promoted` waits for that.
   *
   * @param reason why, where the verdict is not "deploy"; kept with the deployment, among what the
   *   run said, and with the model version.
   */
  async deploy(run: RunId, reason = ""): Promise<Deployment> {
    const result = await this.#options.resultOf(run);
    const { model, verdict } = result;
    if (!model || !verdict) {
      throw new WorkbenchError({
        code: "deploy.no_model",
        detail: `Run ${run} is ${result.state} and has no registered model.`,
        hint: "Run the idea to its end first.",
        where: { run },
      });
    }
    const againstVerdict = verdict === "deploy" ? null : reason.trim();
    if (againstVerdict === "") {
      throw new WorkbenchError({
        code: "deploy.against_verdict",
        detail: `The verdict on run ${run} is ${verdict}: ${result.summary ?? ""}`.trim(),
        hint: 'To deploy all the same, say why: --against-verdict "REASON". It is recorded.',
        where: { run, verdict },
      });
    }
    const { records, rollout, registry, tell, now = () => new Date() } = this.#options;
    const deployment = DeploymentId.parse(result.idea);
    const before = records.get(deployment);
    const record: Deployment = {
      deployment,
      run,
      model: model.name,
      version: model.version,
      endpoint: null,
      state: "starting",
      created: now().toISOString(),
      ready_seconds: null,
      verdict,
      against_verdict: againstVerdict,
    };
    if (againstVerdict !== null) {
      await registry.setTag(model.name, model.version, "deployed_against_verdict", againstVerdict);
    }
    // It may have to be started, and has until the endpoint answers.
    void registry.wake().catch(() => undefined);
    // While another version of it serves, its record stands until the new one has taken over.
    if (before?.state !== "live") records.save(record);
    try {
      const { endpoint, ready_seconds } = await rollout.load({
        deployment,
        model: model.name,
        version: model.version,
      });
      const live: Deployment = { ...record, endpoint, state: "live", ready_seconds };
      records.save(live);
      const { version } = model;
      const event = { deployment, version, verdict, against_verdict: againstVerdict };
      tell(run, { type: "deployed", ...event });
      this.#promote(deployment);
      return live;
    } catch (error) {
      records.save(before?.state === "live" ? before : { ...record, state: "failed" });
      throw error;
    }
  }

  /** Resolves when the deployment's version is its model's champion; rejects if it cannot be. */
  async promoted(deployment: DeploymentId): Promise<void> {
    this.#known(deployment);
    await this.#promotions.get(deployment);
  }

  /** Waits for promotions under way, however they end. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#promotions.values());
  }

  async stop(deployment: DeploymentId): Promise<Deployment> {
    const record = this.#known(deployment);
    await this.#options.rollout.unload(deployment);
    const stopped: Deployment = { ...record, state: "stopped" };
    this.#options.records.save(stopped);
    return stopped;
  }

  /** What a client needs to ask the endpoint itself. */
  access(deployment: DeploymentId): { endpoint: string; token: string; example: InferRequest } {
    const { endpoint, state } = this.#known(deployment);
    if (!endpoint || state !== "live") {
      throw new WorkbenchError({
        code: "deployment.not_live",
        detail: `The deployment ${deployment} is ${state}.`,
        hint: "`deploy RUN-ID` brings it up.",
        where: { deployment, state },
      });
    }
    const { request } = this.#options.rollout.example(deployment);
    return { endpoint: `${endpoint}/infer`, token: this.#options.token, example: request };
  }

  /** Asks a deployment; without a request, its stored example. */
  infer(deployment: DeploymentId, request?: InferRequest): Promise<InferResponse> {
    this.#known(deployment);
    const { rollout } = this.#options;
    return rollout.infer(deployment, request ?? rollout.example(deployment).request);
  }

  /** Asks a deployment and tells how long its answer took, as a client of the endpoint waits. */
  async ask(
    deployment: DeploymentId,
    request: InferRequest,
  ): Promise<{ response: InferResponse; milliseconds: number }> {
    const began = performance.now();
    const response = await this.infer(deployment, request);
    return { response, milliseconds: performance.now() - began };
  }

  /** Brings back what was live when the workbench last ended. */
  async restore(): Promise<void> {
    const { records, rollout, log } = this.#options;
    for (const record of records.inState("starting")) records.save({ ...record, state: "failed" });
    const wanted = records.inState("live");
    if (wanted.length === 0) return;
    const outcomes = await rollout.restore(wanted);
    for (const [index, outcome] of outcomes.entries()) {
      const record = wanted[index] as Deployment;
      if (outcome.status === "fulfilled") {
        records.save({ ...record, endpoint: outcome.value.endpoint });
        // The workbench may have ended before it had come to that.
        this.#promote(record.deployment);
      } else {
        log.error({ deployment: record.deployment, err: outcome.reason }, "could not be restored");
        records.save({ ...record, state: "failed" });
      }
    }
  }

  /** A person ended everything: what was live is stopped, not to be brought back. */
  forgetLive(): DeploymentId[] {
    const live = this.#options.records.inState("live");
    for (const record of live) this.#options.records.save({ ...record, state: "stopped" });
    return live.map(({ deployment }) => deployment);
  }

  #promote(deployment: DeploymentId): void {
    const { rollout, log } = this.#options;
    // One after the other: an older version must not become the champion after a newer one.
    const before = this.#promotions.get(deployment)?.catch(() => undefined) ?? Promise.resolve();
    const promotion = before.then(() => rollout.promote(deployment));
    promotion.catch((err) => log.error({ deployment, err }, "the alias could not be set"));
    this.#promotions.set(deployment, promotion);
  }

  /** What is recorded as live may just be coming back after a crash, or have failed for good. */
  #asItIs(record: Deployment): Deployment {
    const status = this.#options.rollout.status(record.deployment);
    return record.state === "live" && status ? { ...record, state: status.state } : record;
  }

  #known(deployment: DeploymentId): Deployment {
    const record = this.#options.records.get(deployment);
    if (record) return record;
    throw new WorkbenchError({
      code: "deployment.unknown",
      detail: `There is no deployment ${deployment} in this workspace.`,
      hint: "`deployments` lists them.",
      where: { deployment },
    });
  }
}
