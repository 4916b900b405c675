import { setTimeout as pause } from "node:timers/promises";
import { WorkbenchError } from "../../../contract/problem.ts";
import type { ServiceView } from "../../../contract/service.ts";
import { TypedEvent } from "../../runtime/typed-event.ts";
import { type Plan, type PlannedService, withDependents, withNeeds } from "../plan.ts";
import type { Connection } from "./connection.ts";
import { ContainerLogs } from "./container-logs.ts";
import { Convergence, type Step } from "./converge.ts";
import { allSettled, endServices } from "./end.ts";
import { awayProblem, isRace } from "./errors.ts";
import { ensureImages, type ImageProgress } from "./images.ts";
import type { Observed } from "./observed.ts";
import { ensureResources, removeResources } from "./resources.ts";
import { Starting } from "./start.ts";
import { measureUsage, type Usage } from "./usage.ts";
import { ServiceViews } from "./views.ts";
import { ProjectWatch } from "./watch.ts";
import { Wishes } from "./wishes.ts";

const ATTEMPTS = 6;
const DEADLINE_MS = 300_000;

export type StackProgress = ImageProgress | { readonly kind: "step"; step: Step; service: string };

export interface UpOptions {
  /** These, and what they need; without, all of the plan. */
  readonly services?: readonly string[];
  readonly build?: boolean;
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
  readonly #logs: ContainerLogs;
  readonly #views: ServiceViews;
  #plan: Plan;
  readonly #wishes = new Wishes();

  /** @param logs the folder into which containers' output goes. */
  constructor(connection: Connection, plan: Plan, logs: string) {
    this.#connection = connection;
    this.#plan = plan;
    this.#logs = new ContainerLogs(connection.docker, logs, plan.name);
    this.#watch = new ProjectWatch(connection.docker, plan.name);
    this.#views = new ServiceViews(connection.docker, (service) => this.#logs.fileOf(service));
    this.#watch.changed.subscribe((snapshot) => {
      this.#logs.collect(snapshot.containers);
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
    await this.#wishes.close();
    this.#watch.close();
    await this.#logs.close();
  }

  /** Takes another plan of the same project; what is asked for from now on makes it true. */
  takePlan(plan: Plan): void {
    if (plan.name !== this.#plan.name) throw new Error(`${plan.name} is another project`);
    this.#plan = plan;
  }

  /** Makes services and what they need run; resolves when they are ready, or says what is wrong. */
  async up(options: UpOptions = {}): Promise<void> {
    const plan = this.#plan;
    const names = withNeeds(plan, options.services ?? Object.keys(plan.services));
    await this.#wishes.do({ for: "up", services: new Set(names) }, (signal) =>
      this.#up(plan, names, options, signal),
    );
  }

  /** Ends and removes containers and networks, dependents first; volumes only if that is asked. */
  down(options: { volumes?: boolean } = {}): Promise<void> {
    const plan = this.#plan;
    return this.#end(knownIn(plan), { remove: true, orphans: true }, () =>
      removeResources(this.#connection.docker, plan, { volumes: options.volumes ?? false }),
    );
  }

  /** Stops services and what depends on them; without names, all. */
  stop(services?: readonly string[]): Promise<void> {
    return this.#end(withDependents(this.#plan, services), { remove: false });
  }

  /** Ends services and what depends on them, and removes their containers. */
  remove(services: readonly string[]): Promise<void> {
    return this.#end(withDependents(this.#plan, services), { remove: true });
  }

  /** Stops services and what depends on them, and starts again what of these had run. */
  async restart(services?: readonly string[], options: UpOptions = {}): Promise<void> {
    const plan = this.#plan;
    const ending = withDependents(plan, services);
    const touched = new Set([...ending, ...withNeeds(plan, ending)]);
    await this.#wishes.do({ for: "up", services: touched }, async (signal) => {
      const { containers } = await this.#lookNow();
      const ran = ending.filter(
        (name) =>
          services?.includes(name) ||
          containers.some((one) => one.service === name && one.state === "running"),
      );
      await endServices({ docker: this.#connection.docker, plan, containers, signal }, ending, {
        remove: false,
      });
      await this.#up(plan, withNeeds(plan, ran), options, signal);
    });
  }

  status(): ServiceView[] {
    return this.#views.list(this.#plan);
  }

  /** The last `tail` lines of a service's log; with `follow`, further ones until it aborts. */
  logs(service: string, options: { tail: number; follow?: AbortSignal }): AsyncGenerator<string> {
    return this.#logs.read(service, options);
  }

  /** What each running service uses at this moment. */
  usage(): Promise<Map<string, Usage>> {
    const { containers } = this.#watch.snapshot;
    const running = containers.filter(({ state }) => state === "running");
    return measureUsage(this.#connection.docker, running);
  }

  /** Resolves when everything that ended containers have said is in the log files. */
  logsWritten(): Promise<void> {
    return this.#logs.written();
  }

  #end(
    names: readonly string[],
    how: { remove: boolean; orphans?: boolean },
    afterwards: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const plan = this.#plan;
    const { docker } = this.#connection;
    return this.#wishes.do({ for: "down", services: new Set(names) }, async (signal) => {
      const { containers } = await this.#lookNow();
      const ending = how.orphans ? [...names, ...orphansIn(containers, plan)] : names;
      await endServices({ docker, plan, containers, signal }, ending, { remove: how.remove });
      await afterwards();
      await this.#watch.look();
    });
  }

  async #up(
    plan: Plan,
    names: readonly string[],
    options: UpOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const { docker } = this.#connection;
    const services = names.map((name) => plan.services[name] as PlannedService);
    const onProgress = options.onProgress ?? (() => undefined);
    const onStep = (step: Step, service: string) => onProgress({ kind: "step", step, service });
    this.#views.forgetProblems(names);
    // A daemon that is silent is found out here, where there is a limit to the waiting.
    await this.#lookNow();
    const [imageIds] = await Promise.all([
      ensureImages(docker, plan, services, { build: options.build ?? false, signal, onProgress }),
      ensureResources(docker, plan),
    ]);
    try {
      await this.#untilQuiet(signal, async () => {
        const { containers } = await this.#lookNow();
        const convergence = new Convergence(
          { docker, plan, services, imageIds, signal, onStep },
          containers,
        );
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

  async #lookNow(): Promise<{ containers: readonly Observed[] }> {
    const snapshot = await this.#watch.look();
    if (!snapshot.away) return snapshot;
    throw new WorkbenchError(awayProblem(snapshot.away), { cause: snapshot.away });
  }
}

/** Services of a plan, those of profiles that are off included. */
function knownIn(plan: Plan): string[] {
  return Object.keys({ ...plan.services, ...plan.disabled });
}

/** Services that have containers of the project and are in the plan no more. */
function orphansIn(containers: readonly Observed[], plan: Plan): string[] {
  const known = knownIn(plan);
  return [...new Set(containers.map(({ service }) => service))].filter(
    (one) => !known.includes(one),
  );
}
