import { WorkbenchError } from "../../../contract/problem.ts";
import type { ProfileView, ServiceUsage, ServiceView } from "../../../contract/service.ts";
import { usageOfTree } from "../../runtime/process-usage.ts";
import { TypedEvent } from "../../runtime/typed-event.ts";
import type { StackProgress } from "../docker/supervisor.ts";
import type { ServiceSpec, ServiceStatus } from "../service.ts";
import type { LogOptions, StackSupervisor } from "../stack-supervisor.ts";
import type { NativeSupervisor } from "./supervisor.ts";

/** What is brought up in it looks after itself, and what is served belongs to it. */
const CORE = "core";

/** Every profile there is. */
const EVERY = "*";

/** The ready check of a process is its health check; it counts while the process is up. */
const HEALTH: Record<ServiceStatus["state"], ServiceView["health"]> = {
  stopped: "none",
  starting: "starting",
  ready: "healthy",
  backing_off: "unhealthy",
  failed: "unhealthy",
  stopping: "none",
  away: "none",
};

/** The stack of a workspace as processes of this machine. */
export class NativeStack implements StackSupervisor {
  readonly name = "native";
  readonly changed = new TypedEvent<void>();
  readonly progress = new TypedEvent<StackProgress>();
  readonly #services: NativeSupervisor;
  readonly #described: readonly Pick<ServiceSpec, "name" | "profiles">[];

  /** @param described the services that profiles bring up; what is served comes and goes beside them */
  constructor(
    services: NativeSupervisor,
    described: readonly Pick<ServiceSpec, "name" | "profiles">[],
  ) {
    this.#services = services;
    this.#described = described;
    services.changed.subscribe(() => this.changed.emit());
  }

  profiles(): ProfileView[] {
    return this.#profiles.map((profile) => ({
      profile,
      services: this.#of([profile]),
      supervisors: [this.name],
    }));
  }

  /** Takes back what a crashed workbench had brought up beside the core, which looks after itself. */
  async reopen(): Promise<void> {
    const left = await this.#services.left();
    const own = left.filter((name) => this.#services.has(name) && !this.#isOf(name, [CORE]));
    await Promise.all(own.map((name) => this.#services.start(name)));
  }

  /** A person may be at work with a service that nothing else in the workspace needs. */
  isInUse(): boolean {
    return this.#services
      .status()
      .some(({ name, pid }) => pid !== null && !this.#isOf(name, [CORE]));
  }

  list(): Promise<ServiceView[]> {
    return Promise.resolve(this.#services.status().map((status) => this.#view(status)));
  }

  async up({ profiles }: { profiles: readonly string[] }): Promise<void> {
    this.#refuseOthers(profiles);
    const wanted = this.#described.filter(({ name }) => this.#isOf(name, profiles));
    await Promise.all(wanted.map(({ name }) => this.start(name)));
  }

  async down({ profiles = [EVERY] }: { profiles?: readonly string[] }): Promise<void> {
    this.#refuseOthers(profiles);
    await Promise.all(this.#of(profiles).map((name) => this.stop(name)));
  }

  async start(service: string): Promise<void> {
    this.progress.emit({ kind: "step", step: "start", service });
    await this.#services.start(service);
  }

  async restart(services: readonly string[]): Promise<void> {
    await Promise.all(services.map((name) => this.#services.restart(name)));
  }

  stop(service: string): Promise<void> {
    return this.#services.stop(service);
  }

  logs(service: string, options: LogOptions): AsyncGenerator<string> {
    return this.#services.logs(service, options);
  }

  async usage(): Promise<ServiceUsage[]> {
    const running = this.#services.status().filter(({ pid }) => pid !== null);
    const measured = await Promise.all(
      running.map(async ({ name, pid }) => ({
        ...({ service: name, supervisor: this.name } as const),
        usage: await usageOfTree(Number(pid)),
      })),
    );
    return measured.flatMap(({ usage, ...which }) => (usage ? [{ ...which, ...usage }] : []));
  }

  get #profiles(): string[] {
    return [...new Set(this.#described.flatMap(({ profiles }) => profiles))];
  }

  #of(profiles: readonly string[]): string[] {
    return this.#services
      .status()
      .map(({ name }) => name)
      .filter((name) => this.#isOf(name, profiles));
  }

  #isOf(service: string, profiles: readonly string[]): boolean {
    const own = this.#services.specOf(service).profiles;
    return profiles.includes(EVERY) || own.some((profile) => profiles.includes(profile));
  }

  #refuseOthers(profiles: readonly string[]): void {
    const other = profiles.find((name) => name !== EVERY && !this.#profiles.includes(name));
    if (other === undefined) return;
    throw new WorkbenchError({
      code: "stack.profile_needs_docker",
      detail: `The services of ${other} run in containers only.`,
      hint: "Bring them up with Docker (`stack up --docker`), or leave the profile out.",
      where: { profile: other },
    });
  }

  #view(status: ServiceStatus): ServiceView {
    const spec = this.#services.specOf(status.name);
    const page =
      spec.page !== undefined && status.state === "ready"
        ? `http://127.0.0.1:${status.ports.http}${spec.page}`
        : null;
    return {
      service: status.name,
      title: spec.title,
      profiles: [...spec.profiles],
      supervisor: this.name,
      state: status.state,
      health: HEALTH[status.state],
      since: status.since,
      pid: status.pid,
      ports: { ...status.ports },
      depends_on: [...spec.dependsOn],
      restarts: status.restarts,
      page,
      log: status.log,
      notices: [...status.notices],
      problem: status.problem,
    };
  }
}
