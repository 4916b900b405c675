import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceUsage, ServiceView } from "../../contract/service.ts";
import { usageOfTree } from "../runtime/process-usage.ts";
import type { DockerStack } from "./docker/docker-stack.ts";
import type { DockerSupervisor } from "./docker/supervisor.ts";
import type { NativeSupervisor } from "./native/supervisor.ts";
import type { ServiceStatus } from "./service.ts";

/** How often usage is measured while somebody looks. */
const LOOK_MS = 2000;
/** Lines are sent together: a service that writes thousands a second costs few messages. */
const GATHER_MS = 100;
const MAX_LINES_A_MESSAGE = 2000;

const TITLES: Record<string, string> = {
  engine: "Runs the steps of ideas",
  mlflow: "Tracks trials, keeps the model registry",
  router: "Receives every inference request",
};

type Supervisor = ServiceView["supervisor"];

function dockerView(docker: DockerSupervisor, service: string): ServiceView {
  const view = docker.status().find((one) => one.service === service);
  if (!view) throw new Error(`the plan has lost its service ${service}`);
  return view;
}

/** The ready check of a process is its health check; it counts while the process is up. */
const HEALTH: Record<ServiceStatus["state"], ServiceView["health"]> = {
  stopped: "none",
  starting: "starting",
  ready: "healthy",
  backing_off: "unhealthy",
  failed: "unhealthy",
  stopping: "none",
};

/** The stack as a person sees it: states, what it uses, what it says. */
export class StackView {
  readonly #services: NativeSupervisor;
  readonly #docker: DockerStack;

  constructor(services: NativeSupervisor, docker: DockerStack) {
    this.#services = services;
    this.#docker = docker;
  }

  async list(): Promise<ServiceView[]> {
    return [...this.native(), ...(await this.#docker.list())];
  }

  native(): ServiceView[] {
    return this.#services.status().map((status) => this.#view(status));
  }

  async start(service: string, supervisor: Supervisor = "native"): Promise<ServiceView> {
    if (supervisor === "native") return this.#view(await this.#services.start(service));
    const docker = await this.#docker.supervisor();
    await docker.up({ services: [service] });
    return dockerView(docker, service);
  }

  async restart(service: string, supervisor: Supervisor = "native"): Promise<ServiceView> {
    if (supervisor === "native") return this.#view(await this.#services.restart(service));
    const docker = await this.#docker.supervisor();
    await docker.restart([service]);
    return dockerView(docker, service);
  }

  async stop(service: string, supervisor: Supervisor = "native"): Promise<ServiceView> {
    if (supervisor === "native") {
      await this.#services.stop(service);
      return this.#view(this.#services.statusOf(service));
    }
    const docker = await this.#docker.supervisor();
    await docker.stop([service]);
    return dockerView(docker, service);
  }

  /** What each running service uses, measured only while somebody iterates. */
  async *usage(signal?: AbortSignal): AsyncGenerator<Record<string, ServiceUsage>> {
    while (!signal?.aborted) {
      const running = this.#services.status().filter(({ pid }) => pid !== null);
      const measured = await Promise.all(
        running.map(async ({ name, pid }) => [name, await usageOfTree(Number(pid))] as const),
      );
      yield Object.fromEntries(measured.filter(([, usage]) => usage !== null)) as Record<
        string,
        ServiceUsage
      >;
      await sleep(LOOK_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  /** The last `tail` lines of a service's log, then further ones as they come, some at a time. */
  async *logs(
    service: string,
    tail: number,
    signal: AbortSignal,
    supervisor: Supervisor = "native",
  ): AsyncGenerator<string[]> {
    const source = supervisor === "native" ? this.#services : await this.#docker.supervisor();
    const done = new AbortController();
    signal.addEventListener("abort", () => done.abort(), { once: true });
    const pending: string[] = [];
    let wake: () => void = () => undefined;
    let ended = false;
    const reading = (async () => {
      for await (const line of source.logs(service, { tail, follow: done.signal })) {
        pending.push(line);
        // A reader that is slower than the service sees the newest lines, and a gap before them.
        if (pending.length > 5 * MAX_LINES_A_MESSAGE) pending.splice(0, pending.length / 2);
        wake();
      }
    })().finally(() => {
      ended = true;
      wake();
    });
    try {
      while (!ended || pending.length > 0) {
        if (pending.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        await sleep(GATHER_MS);
        if (pending.length > 0) yield pending.splice(0, MAX_LINES_A_MESSAGE);
      }
      await reading;
    } finally {
      done.abort();
    }
  }

  #view(status: ServiceStatus): ServiceView {
    const spec = this.#services.specOf(status.name);
    const page =
      spec.page !== undefined && status.state === "ready"
        ? `http://127.0.0.1:${status.ports.http}${spec.page}`
        : null;
    return {
      service: status.name,
      title: TITLES[status.name] ?? "Serves a model version",
      profiles: ["core"],
      supervisor: "native",
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
