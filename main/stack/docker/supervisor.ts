import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { WorkbenchError } from "../../../contract/problem.ts";
import type { ServiceUsage, ServiceView } from "../../../contract/service.ts";
import { ServiceLog } from "../../runtime/log-files.ts";
import { TypedEvent } from "../../runtime/typed-event.ts";
import { type Plan, type PlannedService, startOrder } from "../plan.ts";
import type { Connection } from "./connection.ts";
import { Convergence, type Step } from "./converge.ts";
import { awayProblem, isDaemonAway, isRace, statusOf } from "./errors.ts";
import { ensureImages, type ImageProgress } from "./images.ts";
import { LogCollector } from "./log-collector.ts";
import type { Observed } from "./observed.ts";
import { ensureResources, removeResources } from "./resources.ts";
import { Starting } from "./start.ts";
import { watchUsage } from "./usage.ts";
import { ServiceViews } from "./views.ts";
import { ProjectWatch } from "./watch.ts";

const ATTEMPTS = 6;
const DEADLINE_MS = 300_000;

export type StackProgress = ImageProgress | { readonly kind: "step"; step: Step; service: string };

export interface UpOptions {
  /** These, and what they need; without, all of the plan. */
  readonly services?: readonly string[];
  readonly build?: boolean;
  readonly removeOrphans?: boolean;
  /** How long one service may take to be ready. */
  readonly deadlineMs?: number;
  readonly onProgress?: (progress: StackProgress) => void;
}

/**
 * Runs a plan on a Docker daemon. What it makes, docker compose sees as its own, and the other way
 * round: the labels and the config hash are the same, and the state is what the daemon says.
 */
export class DockerSupervisor {
  readonly name = "docker";
  /** The state of some service is another than before. */
  readonly changed = new TypedEvent<void>();
  readonly #connection: Connection;
  readonly #watch: ProjectWatch;
  readonly #logs: string;
  readonly #collectors = new Map<string, LogCollector>();
  readonly #views: ServiceViews;
  #plan: Plan;
  #turn: Promise<unknown> = Promise.resolve();
  #current: AbortController | undefined;

  /** @param logs the folder into which containers' output goes. */
  constructor(connection: Connection, plan: Plan, logs: string) {
    this.#connection = connection;
    this.#plan = plan;
    this.#logs = logs;
    this.#watch = new ProjectWatch(connection.docker, plan.name);
    this.#views = new ServiceViews(connection.docker, (service) => this.#logFile(service));
    this.#watch.changed.subscribe((snapshot) => {
      this.#collect(snapshot.containers);
      void this.#views.take(this.#plan, snapshot).then((different) => {
        if (different) this.changed.emit();
      });
    });
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** Follows the daemon from now on. Nothing is started. */
  async open(): Promise<this> {
    await this.#watch.start();
    return this;
  }

  /** Leaves the containers as they are. */
  async close(): Promise<void> {
    this.#current?.abort(superseded());
    await this.#turn.catch(() => undefined);
    this.#watch.close();
    await Promise.all([...this.#collectors.values()].map((one) => one.close()));
  }

  /** Takes another plan of the same project; the next `up` makes it true. */
  takePlan(plan: Plan): void {
    if (plan.name !== this.#plan.name) throw new Error(`${plan.name} is another project`);
    this.#plan = plan;
  }

  /** Makes services and what they need run; resolves when they are ready, or says what is wrong. */
  up(options: UpOptions = {}): Promise<void> {
    return this.#inTurn((signal) => this.#up(options, signal));
  }

  /** Ends and removes containers and networks, dependents first; volumes only if that is asked. */
  down(options: { volumes?: boolean } = {}): Promise<void> {
    return this.#inTurn(async (signal) => {
      const { containers } = await this.#lookNow();
      const known = Object.keys({ ...this.#plan.services, ...this.#plan.disabled });
      const orphans = containers
        .map(({ service }) => service)
        .filter((one) => !known.includes(one));
      await this.#end([...known, ...orphans], containers, { remove: true }, signal);
      await removeResources(this.#connection.docker, this.#plan, {
        volumes: options.volumes ?? false,
      });
      await this.#watch.look();
    });
  }

  /** Stops services and what depends on them; without names, all. */
  stop(services?: readonly string[]): Promise<void> {
    return this.#inTurn(async (signal) => {
      const { containers } = await this.#lookNow();
      await this.#end(this.#withDependents(services), containers, { remove: false }, signal);
      await this.#watch.look();
    });
  }

  /** Ends a service that nothing depends on, and removes its containers. */
  remove(service: string): Promise<void> {
    return this.#inTurn(async (signal) => {
      const { containers } = await this.#lookNow();
      await this.#end([service], containers, { remove: true }, signal);
      await this.#watch.look();
    });
  }

  /** Stops services and what depends on them, and starts again what of these had run. */
  restart(services?: readonly string[], options: UpOptions = {}): Promise<void> {
    return this.#inTurn(async (signal) => {
      const { containers } = await this.#lookNow();
      const ending = this.#withDependents(services);
      const ran = ending.filter(
        (name) =>
          services?.includes(name) ||
          containers.some((one) => one.service === name && one.state === "running"),
      );
      await this.#end(ending, containers, { remove: false }, signal);
      await this.#up({ ...options, services: ran }, signal);
    });
  }

  status(): ServiceView[] {
    return this.#views.list(this.#plan);
  }

  /** The last `tail` lines of a service's log; with `follow`, further ones until it aborts. */
  async *logs(
    service: string,
    options: { tail: number; follow?: AbortSignal },
  ): AsyncGenerator<string> {
    const log = new ServiceLog(this.#logFile(service));
    if (options.follow) yield* log.follow({ tail: options.tail, signal: options.follow });
    else yield* await log.tail(options.tail);
  }

  usage(signal: AbortSignal): AsyncGenerator<Record<string, ServiceUsage>> {
    const running = () =>
      this.#watch.snapshot.containers.filter(({ state }) => state === "running");
    return watchUsage(this.#connection.docker, running, signal);
  }

  /** Resolves when everything that ended containers have said is in the log files. */
  async logsWritten(): Promise<void> {
    await Promise.all([...this.#collectors.values()].map((one) => one.ended()));
  }

  async #up(options: UpOptions, signal: AbortSignal): Promise<void> {
    const { docker } = this.#connection;
    const plan = this.#plan;
    const names = withNeeds(plan, options.services ?? Object.keys(plan.services));
    const services = names.map((name) => plan.services[name] as PlannedService);
    const onProgress = options.onProgress ?? (() => undefined);
    const onStep = (step: Step, service: string) => onProgress({ kind: "step", step, service });
    this.#views.forgetProblems(names);
    const [imageIds] = await Promise.all([
      ensureImages(docker, plan, services, { build: options.build ?? false, signal, onProgress }),
      ensureResources(docker, plan),
    ]);
    try {
      await this.#untilQuiet(signal, async () => {
        const { containers } = await this.#lookNow();
        if (options.removeOrphans) await this.#removeOrphans(containers, signal);
        const convergence = new Convergence({ docker, plan, imageIds, signal, onStep }, containers);
        const ids = new Map(
          await allSettled(
            services.map(async (one) => [one.name, await convergence.ensure(one)] as const),
          ),
        );
        await this.#watch.look();
        const starting = new Starting({
          docker,
          plan,
          watch: this.#watch,
          containers: ids,
          signal,
          onStep,
          deadlineMs: options.deadlineMs ?? DEADLINE_MS,
        });
        await allSettled(names.map((name) => starting.ready(name)));
      });
    } catch (error) {
      this.#views.noteProblem(error);
      throw error;
    }
  }

  /** Others may change the same things at the same moment: then looking again helps. */
  async #untilQuiet(signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (signal.aborted || !isRace(error) || tried >= ATTEMPTS) throw error;
        await pause(50 * 2 ** tried * (0.5 + Math.random()));
      }
    }
  }

  async #end(
    names: readonly string[],
    containers: readonly Observed[],
    options: { remove: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const { docker } = this.#connection;
    const ended = new Map<string, Promise<void>>();
    const end = (name: string): Promise<void> => {
      let ending = ended.get(name);
      if (!ending) {
        ending = this.#dependentsOf(name)
          .filter((one) => names.includes(one))
          .reduce(
            (before, one) => Promise.all([before, end(one)]).then(() => undefined),
            Promise.resolve(),
          )
          .then(() => endContainers(name));
        ended.set(name, ending);
      }
      return ending;
    };
    const endContainers = async (name: string) => {
      const own = containers.filter(({ service, oneOff }) => service === name && !oneOff);
      await Promise.all(
        own.map(async ({ id, state }) => {
          signal.throwIfAborted();
          const container = docker.getContainer(id);
          if (state === "paused") await container.unpause().catch(unlessGone);
          if (state !== "created" && state !== "exited") await container.stop().catch(unlessGone);
          if (options.remove) await container.remove({ force: true, v: false }).catch(unlessGone);
        }),
      );
    };
    await allSettled(names.map(end));
  }

  async #removeOrphans(containers: readonly Observed[], signal: AbortSignal): Promise<void> {
    const known = Object.keys({ ...this.#plan.services, ...this.#plan.disabled });
    const orphans = containers.map(({ service }) => service).filter((one) => !known.includes(one));
    await this.#end([...new Set(orphans)], containers, { remove: true }, signal);
  }

  /** One thing after the other; who asks for something new ends what is under way. */
  #inTurn(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    this.#current?.abort(superseded());
    this.#current = abort;
    const result = this.#turn.then(() => {
      abort.signal.throwIfAborted();
      return work(abort.signal).catch((error) => {
        abort.signal.throwIfAborted();
        throw isDaemonAway(error)
          ? new WorkbenchError(awayProblem(error), { cause: error })
          : error;
      });
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #lookNow(): Promise<{ containers: readonly Observed[] }> {
    const snapshot = await this.#watch.look();
    if (!snapshot.away) return snapshot;
    throw new WorkbenchError(awayProblem(snapshot.away), { cause: snapshot.away });
  }

  #withDependents(services?: readonly string[]): string[] {
    const all = startOrder(this.#plan);
    if (!services) return all;
    const found = new Set(services);
    // In start order, a dependent comes after what it depends on.
    for (const name of all) {
      const needs = Object.keys(this.#plan.services[name]?.model.depends_on ?? {});
      if (needs.some((one) => found.has(one))) found.add(name);
    }
    return [...found];
  }

  #dependentsOf(name: string): string[] {
    return Object.values({ ...this.#plan.services, ...this.#plan.disabled })
      .filter(({ model }) => name in (model.depends_on ?? {}))
      .map((one) => one.name);
  }

  #collect(containers: readonly Observed[]): void {
    const running = containers.filter(({ state }) => state === "running" || state === "exited");
    const ids = new Set(containers.map(({ id }) => id));
    for (const [id, collector] of this.#collectors) {
      if (ids.has(id)) continue;
      void collector.close();
      this.#collectors.delete(id);
    }
    for (const { id, service, state } of running) {
      const before = this.#collectors.get(id);
      // One that has ended may be started again, and goes on in the same file.
      if (before && !(before.isOver && state === "running")) continue;
      const collector = new LogCollector(this.#connection.docker, id, this.#logFile(service));
      this.#collectors.set(id, collector);
      collector.start();
    }
  }

  #logFile(service: string): string {
    return join(this.#logs, `${this.#plan.name}-${service}.log`);
  }
}

function withNeeds(plan: Plan, services: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    const service = plan.services[name];
    if (!service) throw unknownService(plan, name);
    if (found.has(name)) return;
    found.add(name);
    for (const needed of Object.keys(service.model.depends_on ?? {})) {
      if (plan.services[needed]) visit(needed);
    }
  };
  for (const name of services) visit(name);
  return [...found];
}

function unknownService(plan: Plan, name: string): WorkbenchError {
  const disabled = plan.disabled[name];
  return new WorkbenchError({
    code: "stack.unknown_service",
    detail: disabled
      ? `${name} belongs to the profile ${disabled.model.profiles?.join(" or ")}, which is off.`
      : `There is no service ${name}.`,
    hint: disabled
      ? `Add --profile ${disabled.model.profiles?.[0]}.`
      : `Services: ${Object.keys(plan.services).join(", ") || "none"}.`,
    where: { service: name },
  });
}

/** Waits for all, also after one has failed, so that nothing goes on behind the caller's back. */
async function allSettled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const failed = results.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return results.map((one) => (one as PromiseFulfilledResult<T>).value);
}

function superseded(): WorkbenchError {
  return new WorkbenchError({
    code: "stack.superseded",
    detail: "Something else was asked of the stack before this was done.",
    hint: "The last wish counts.",
  });
}

function unlessGone(error: unknown): void {
  const status = statusOf(error);
  if (status !== 304 && status !== 404 && status !== 409) throw error;
}
