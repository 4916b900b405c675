import { join } from "node:path";
import { WorkbenchError } from "../../../contract/problem.ts";
import type { Ports } from "../../runtime/ports.ts";
import { endTree } from "../../runtime/processes.ts";
import { TypedEvent } from "../../runtime/typed-event.ts";
import type { ServiceSpec, ServiceStatus } from "../service.ts";
import { type Services, unknownService } from "../services.ts";
import type { Liveness } from "./readiness.ts";
import { ServiceRecords } from "./service-records.ts";
import { type Backoff, SupervisedService } from "./supervised-service.ts";

const DEFAULT_BACKOFF: Backoff = { firstMs: 200, maxMs: 30_000, attempts: 8, stableMs: 60_000 };
const DEFAULT_LIVENESS: Liveness = { everyMs: 15_000, misses: 8 };
const ROTATION_MS = 30_000;
const ORPHAN_GRACE_MS = 3000;

export interface NativeSupervisorOptions {
  /** Folder of the process records (`services.json`), private to the user. */
  readonly runFolder: string;
  readonly logFolder: string;
  readonly ports: Ports;
  readonly backoff?: Backoff;
  readonly liveness?: Liveness;
}

/** Starts, watches and stops services as plain processes of this machine. */
export class NativeSupervisor implements Services {
  /** Each change of a service's state. */
  readonly changed = new TypedEvent<ServiceStatus>();
  readonly #options: NativeSupervisorOptions;
  readonly #records: ServiceRecords;
  readonly #services = new Map<string, SupervisedService>();
  readonly #rotation: NodeJS.Timeout;

  constructor(options: NativeSupervisorOptions) {
    this.#options = options;
    this.#records = new ServiceRecords(join(options.runFolder, "services.json"));
    this.#rotation = setInterval(() => {
      for (const service of this.#services.values()) {
        if (service.status.pid !== null) void service.log.rotateIfFull().catch(() => undefined);
      }
    }, ROTATION_MS).unref();
  }

  /** Makes a service known; it is not started. A known one must be stopped to be described anew. */
  add(spec: ServiceSpec): void {
    const known = this.#services.get(spec.name);
    if (known && !["stopped", "failed"].includes(known.status.state)) {
      throw new WorkbenchError({
        code: "service.exists",
        detail: `A service ${spec.name} is already ${known.status.state}.`,
        hint: "Stop it first.",
        where: { service: spec.name },
      });
    }
    const service = new SupervisedService(spec, {
      ports: this.#options.ports,
      records: this.#records,
      logFile: join(this.#options.logFolder, `${spec.name}.log`),
      backoff: this.#options.backoff ?? DEFAULT_BACKOFF,
      liveness: this.#options.liveness ?? DEFAULT_LIVENESS,
      onChange: (status) => this.changed.emit(status),
    });
    this.#services.set(spec.name, service);
  }

  has(name: string): boolean {
    return this.#services.has(name);
  }

  /** Starts a service, and before it all that it depends on. Resolves when it is ready. */
  async start(name: string): Promise<ServiceStatus> {
    await this.#startAfter(name, []);
    return this.statusOf(name);
  }

  async restart(name: string): Promise<ServiceStatus> {
    const ran = this.#running();
    await this.stop(name);
    // What depends on it was stopped with it, and comes back with it.
    for (const service of ran) await this.start(service.spec.name);
    return this.start(name);
  }

  /** Stops a service, and before it all that depends on it. */
  stop(name: string): Promise<void> {
    return this.#stopAfterDependents(name, []);
  }

  /** Stops a service and forgets it. */
  async remove(name: string): Promise<void> {
    if (!this.#services.has(name)) return;
    await this.stop(name);
    this.#services.delete(name);
  }

  /** Lets go of a service that does not run. */
  forget(name: string): void {
    this.#services.delete(name);
  }

  /** Stops everything, dependents first. */
  async stopAll(): Promise<void> {
    clearInterval(this.#rotation);
    await Promise.all([...this.#services.keys()].map((name) => this.stop(name)));
  }

  /** Services whose process a crashed workbench may have left, to be adopted by starting them. */
  async left(): Promise<string[]> {
    return Object.keys(await this.#records.all());
  }

  /**
   * Ends processes that a crashed workbench left and that no known service has adopted. Called
   * when those services that should run have been started.
   */
  async endOrphans(): Promise<string[]> {
    const ended: string[] = [];
    for (const [name, record] of Object.entries(await this.#records.all())) {
      const state = this.#services.get(name)?.status.state ?? "stopped";
      if (state !== "stopped" && state !== "failed") continue;
      await endTree(record, ORPHAN_GRACE_MS);
      await this.#records.delete(name);
      ended.push(name);
    }
    return ended;
  }

  /** Processes of this machine see what its user sees. */
  see(): Promise<void> {
    return Promise.resolve();
  }

  status(): ServiceStatus[] {
    return [...this.#services.values()].map((service) => service.status);
  }

  statusOf(name: string): ServiceStatus {
    return this.#find(name).status;
  }

  specOf(name: string): ServiceSpec {
    return this.#find(name).spec;
  }

  /** The last `tail` lines of a service's log; with `follow`, every further one until it aborts. */
  async *logs(
    name: string,
    options: { tail: number; follow?: AbortSignal },
  ): AsyncGenerator<string> {
    const { log } = this.#find(name);
    if (options.follow) yield* log.follow({ tail: options.tail, signal: options.follow });
    else yield* await log.tail(options.tail);
  }

  async #startAfter(name: string, path: readonly string[]): Promise<void> {
    if (path.includes(name)) {
      throw new WorkbenchError({
        code: "service.dependency_cycle",
        detail: `Services depend on each other in a circle: ${[...path, name].join(" → ")}.`,
        hint: "Take one of these dependencies away.",
        where: { services: [...path, name] },
      });
    }
    const service = this.#find(name);
    await Promise.all(
      service.spec.dependsOn.map((other) => this.#startAfter(other, [...path, name])),
    );
    await service.start();
  }

  async #stopAfterDependents(name: string, path: readonly string[]): Promise<void> {
    const service = this.#find(name);
    const way = [...path, name];
    const dependents = [...this.#services.values()].filter(
      ({ spec }) => spec.dependsOn.includes(name) && !way.includes(spec.name),
    );
    await Promise.all(
      dependents.map((dependent) => this.#stopAfterDependents(dependent.spec.name, way)),
    );
    await service.stop();
  }

  #running(): SupervisedService[] {
    return [...this.#services.values()].filter((service) => service.status.pid !== null);
  }

  #find(name: string): SupervisedService {
    const service = this.#services.get(name);
    if (service) return service;
    throw unknownService(name, [...this.#services.keys()]);
  }
}
