import { TypedEvent } from "../../runtime/typed-event.ts";
import type { ServiceSpec, ServiceStatus } from "../service.ts";
import { type Services, unknownService } from "../services.ts";
import type { DockerStack } from "./docker-stack.ts";
import type { DockerSupervisor } from "./supervisor.ts";
import type { WorkspaceOverlay } from "./workspace-overlay.ts";

/** The services of a workspace in containers of its bundles. */
export class DockerServices implements Services {
  readonly changed = new TypedEvent<ServiceStatus>();
  readonly #stack: DockerStack;
  readonly #overlay: WorkspaceOverlay;
  readonly #specs = new Map<string, ServiceSpec>();
  readonly #told = new Map<string, string>();
  /** Services whose containers are known to be as the bundles say now. */
  readonly #current = new Set<string>();
  #supervisor: DockerSupervisor | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(stack: DockerStack, overlay: WorkspaceOverlay) {
    this.#stack = stack;
    this.#overlay = overlay;
    stack.changed.subscribe(() => this.#tell());
  }

  add(spec: ServiceSpec): void {
    this.#specs.set(spec.name, spec);
    this.#current.delete(spec.name);
  }

  has(name: string): boolean {
    return this.#specs.has(name);
  }

  async start(name: string): Promise<ServiceStatus> {
    this.#find(name);
    if (!this.#isUp(name)) await this.#inTurn(() => this.#up(name));
    return this.statusOf(name);
  }

  async restart(name: string): Promise<ServiceStatus> {
    this.#find(name);
    await this.#inTurn(async () => (await this.#opened()).restart([name]));
    return this.statusOf(name);
  }

  async stop(name: string): Promise<void> {
    this.#find(name);
    await this.#inTurn(async () => {
      const supervisor = await this.#opened();
      if (name in supervisor.plan.services) await supervisor.stop([name]);
    });
  }

  async remove(name: string): Promise<void> {
    if (!this.#specs.has(name)) return;
    await this.#inTurn(() => this.#remove(name));
    this.#specs.delete(name);
  }

  /** Lets go of a service whose container, if it has one, is not this workbench's to end now. */
  forget(name: string): void {
    this.#specs.delete(name);
  }

  /** Resolves when nothing is being done to containers any more. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  status(): ServiceStatus[] {
    return [...this.#specs.keys()].map((name) => this.statusOf(name));
  }

  statusOf(name: string): ServiceStatus {
    this.#find(name);
    const view = this.#supervisor?.status().find(({ service }) => service === name);
    const plan = this.#supervisor?.plan;
    const ports = (plan?.services[name] ?? plan?.disabled[name])?.model.ports ?? [];
    return {
      name,
      state: view?.state ?? "stopped",
      since: view?.since ?? null,
      pid: null,
      ports: view?.state === "ready" ? view.ports : {},
      inside: {
        host: name,
        ports: Object.fromEntries(
          ports.flatMap(({ name: port, target }) => (port && target ? [[port, target]] : [])),
        ),
      },
      restarts: view?.restarts ?? 0,
      adopted: false,
      log: view?.log ?? "",
      notices: view?.notices ?? [],
      problem: view?.problem ?? null,
    };
  }

  /** Gives the engine's container what it has to read; that replaces it where it is new. */
  async see(paths: readonly string[]): Promise<void> {
    await this.#inTurn(async () => {
      if (await this.#overlay.see(paths)) this.#current.delete("engine");
    });
  }

  async left(): Promise<string[]> {
    const views = await this.#stack.list();
    return views.filter(({ state }) => state !== "stopped").map(({ service }) => service);
  }

  /** Ends the servers of models that nobody has asked for since the workspace was opened. */
  endOrphans(): Promise<string[]> {
    return this.#inTurn(async () => {
      const orphans = (await this.#overlay.services()).filter((name) => !this.#specs.has(name));
      for (const name of orphans) await this.#remove(name);
      return orphans;
    });
  }

  #isUp(name: string): boolean {
    return this.#current.has(name) && this.statusOf(name).state === "ready";
  }

  async #up(name: string): Promise<void> {
    if (this.#isUp(name)) return;
    const described = await this.#find(name).container?.();
    if (described) await this.#overlay.put(name, described);
    const supervisor = await this.#opened();
    await supervisor.up({
      services: [name],
      onProgress: (progress) => this.#stack.progress.emit(progress),
    });
    this.#current.add(name);
  }

  async #remove(name: string): Promise<void> {
    const supervisor = await this.#opened();
    if (name in supervisor.plan.services) await supervisor.remove([name]);
    await this.#overlay.remove(name);
    await this.#opened();
  }

  async #opened(): Promise<DockerSupervisor> {
    this.#supervisor = await this.#stack.opened();
    return this.#supervisor;
  }

  /** One after the other: each reads the compose files as the one before has left them. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #tell(): void {
    for (const status of this.status()) {
      const text = JSON.stringify(status);
      if (this.#told.get(status.name) === text) continue;
      this.#told.set(status.name, text);
      this.changed.emit(status);
    }
  }

  #find(name: string): ServiceSpec {
    const spec = this.#specs.get(name);
    if (spec) return spec;
    throw unknownService(name, [...this.#specs.keys()]);
  }
}
