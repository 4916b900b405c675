import type Docker from "dockerode";
import { type Problem, problemOf, WorkbenchError } from "../../../contract/problem.ts";
import type { ServiceView } from "../../../contract/service.ts";
import type { Plan, PlannedService } from "../plan.ts";
import { xService } from "../x-service.ts";
import { awayProblem } from "./errors.ts";
import { isUp, type Observed } from "./observed.ts";
import { isStep } from "./start.ts";
import type { Snapshot } from "./watch.ts";

type State = ServiceView["state"];
interface Shown {
  readonly state: State;
  readonly since: string | null;
  readonly restarts: number;
  readonly containers: readonly Observed[];
}

/** The services of a plan as people see them, and since when each is as it is. */
export class ServiceViews {
  readonly #docker: Docker;
  readonly #logFile: (service: string) => string;
  readonly #shown = new Map<string, Shown>();
  readonly #problems = new Map<string, Problem>();
  #away: Problem | null = null;

  constructor(docker: Docker, logFile: (service: string) => string) {
    this.#docker = docker;
    this.#logFile = logFile;
  }

  /** Takes in what the daemon told last; says whether any of it is new. */
  async take(plan: Plan, snapshot: Snapshot): Promise<boolean> {
    const away = snapshot.away ? awayProblem(snapshot.away) : null;
    let different = Boolean(away) !== Boolean(this.#away);
    this.#away = away;
    for (const { name } of Object.values({ ...plan.services, ...plan.disabled })) {
      const containers = snapshot.containers.filter((one) => one.service === name && !one.oneOff);
      const state = stateOf(containers, snapshot.stopped);
      const restarts = containers.reduce(
        (sum, { id }) => sum + (snapshot.restarts.get(id) ?? 0),
        0,
      );
      const before = this.#shown.get(name);
      if (state === "ready") this.#problems.delete(name);
      if (before?.state === state) {
        different ||= JSON.stringify(before.containers) !== JSON.stringify(containers);
        this.#shown.set(name, { ...before, containers, restarts });
        continue;
      }
      different = true;
      const now = new Date().toISOString();
      this.#shown.set(name, { state, since: before ? now : null, containers, restarts });
      if (before) continue;
      // What was so before we came is so since the daemon says.
      const since = await this.#sinceOf(containers[0]);
      const shown = this.#shown.get(name);
      if (shown?.state === state) this.#shown.set(name, { ...shown, since });
    }
    return different;
  }

  /** What went wrong with a service is shown with it until it is ready. */
  noteProblem(error: unknown): void {
    const service = error instanceof WorkbenchError ? error.problem.where?.service : undefined;
    if (typeof service === "string") this.#problems.set(service, problemOf(error));
  }

  forgetProblems(services: readonly string[]): void {
    for (const name of services) this.#problems.delete(name);
  }

  list(plan: Plan): ServiceView[] {
    return Object.values({ ...plan.services, ...plan.disabled })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((service) => this.#view(plan, service));
  }

  #view(plan: Plan, service: PlannedService): ServiceView {
    const { name, model } = service;
    const shown = this.#shown.get(name);
    const containers = shown?.containers ?? [];
    const state = this.#away ? "away" : (shown?.state ?? "stopped");
    const ended = containers.find(({ exitCode }) => exitCode !== undefined);
    const notices: string[] = [];
    if (state === "stopped" && ended?.exitCode === 0 && isStep(plan, name)) {
      notices.push("Its work is done.");
    }
    const about = xService(service);
    const ports = portsOf(model, containers);
    return {
      service: name,
      title: about.title,
      profiles: model.profiles?.length ? model.profiles : ["core"],
      supervisor: "docker",
      state,
      health: this.#away ? "none" : healthOf(containers),
      since: shown?.since ?? null,
      pid: null,
      ports,
      depends_on: Object.keys(model.depends_on ?? {}),
      restarts: shown?.restarts ?? 0,
      page:
        about.page !== undefined && state === "ready" && ports.http
          ? `http://127.0.0.1:${ports.http}${about.page}`
          : null,
      log: this.#logFile(name),
      notices,
      problem: this.#away ?? this.#problems.get(name) ?? problemOfState(name, state, containers),
    };
  }

  async #sinceOf(container: Observed | undefined): Promise<string | null> {
    if (!container) return null;
    try {
      const { State, Created } = await this.#docker.getContainer(container.id).inspect();
      const time = State.Running ? State.StartedAt : State.FinishedAt;
      return new Date(time.startsWith("0001") ? Created : time).toISOString();
    } catch {
      return null;
    }
  }
}

function stateOf(containers: readonly Observed[], stopped: ReadonlySet<string>): State {
  if (containers.length === 0) return "stopped";
  if (containers.every(isUp)) return "ready";
  if (containers.some(({ health }) => health === "unhealthy")) return "failed";
  if (containers.some(({ state }) => state === "restarting")) return "backing_off";
  if (containers.some(({ state }) => state === "removing")) return "stopping";
  if (containers.some(({ state }) => state === "running")) return "starting";
  const failed = ({ id, state, exitCode = 0 }: Observed) =>
    state === "dead" || !(stopped.has(id) || ENDED_WELL.has(exitCode));
  return containers.some(failed) ? "failed" : "stopped";
}

/** With these codes programs end whose work is done, or that were asked to. */
const ENDED_WELL = new Set([0, 130, 143]);

function healthOf(containers: readonly Observed[]): ServiceView["health"] {
  const found = containers.map(({ health }) => health);
  for (const health of ["unhealthy", "starting", "healthy"] as const) {
    if (found.includes(health)) return health;
  }
  return "none";
}

function portsOf(
  model: PlannedService["model"],
  containers: readonly Observed[],
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { target, published } of containers.flatMap(({ ports }) => ports)) {
    const name = (model.ports ?? []).find((port) => port.target === target)?.name;
    found[name ?? String(target)] ??= published;
  }
  return found;
}

function problemOfState(
  service: string,
  state: State,
  containers: readonly Observed[],
): Problem | null {
  if (state !== "failed") return null;
  const unhealthy = containers.some(({ health }) => health === "unhealthy");
  const code = containers.find(({ exitCode }) => exitCode !== undefined)?.exitCode;
  return {
    code: unhealthy ? "docker.unhealthy" : "docker.exited",
    detail: unhealthy
      ? `${service} runs, but its health check fails.`
      : `${service} has ended with exit code ${code}.`,
    hint: "Its log says why.",
    where: { service },
  };
}
