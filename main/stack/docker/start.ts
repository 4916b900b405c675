import { setTimeout as pause } from "node:timers/promises";
import type Docker from "dockerode";
import type { Condition, Plan, PlannedService } from "../plan.ts";
import { xService } from "../x-service.ts";
import type { Step } from "./converge.ts";
import { isRace, statusOf } from "./errors.ts";
import { endFailure, startFailure } from "./failures.ts";
import { isUp, type Observed } from "./observed.ts";
import type { ProjectWatch } from "./watch.ts";

/** How often a container may end and be started by the daemon before it is given up. */
const MAX_ENDS = 4;
/** A program that cannot start ends within this time; one without a health check is watched. */
const SETTLE_MS = 300;

interface Surroundings {
  readonly docker: Docker;
  readonly plan: Plan;
  readonly watch: ProjectWatch;
  /** The containers that each service has by now. */
  readonly containers: ReadonlyMap<string, readonly string[]>;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly onStep: (step: Step, service: string) => void;
}

/** Starts services in the order of their dependencies, side by side where nothing forbids it. */
export class Starting {
  readonly #around: Surroundings;
  readonly #started = new Map<string, Promise<void>>();
  /** Services of which a container was started here, not found running. */
  readonly #fresh = new Set<string>();
  readonly #restartsBefore: ReadonlyMap<string, number>;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#restartsBefore = new Map(around.watch.snapshot.restarts);
  }

  /** Resolves when the service's containers run, after all that it waits for. */
  start(name: string): Promise<void> {
    let started = this.#started.get(name);
    if (!started) {
      started = this.#start(name);
      this.#started.set(name, started);
      // Who waits for several hears of the first failure; the others are no less handled.
      started.catch(() => undefined);
    }
    return started;
  }

  /** Resolves when the service does what it is for: it is healthy, or its work is done. */
  async ready(name: string): Promise<void> {
    await this.start(name);
    await this.#reach(name, isStep(this.#around.plan, name) ? "completed" : "ready");
    while (this.#fresh.has(name) && (await this.#wavers(name))) await this.#reach(name, "ready");
  }

  /** Whether containers that just came up have ended since. */
  async #wavers(name: string): Promise<boolean> {
    const { watch, signal } = this.#around;
    const ids = this.#around.containers.get(name) ?? [];
    const own = () => watch.snapshot.containers.filter(({ id }) => ids.includes(id));
    const restarts = () => ids.map((id) => watch.snapshot.restarts.get(id) ?? 0).join();
    if (own().every(({ state, health }) => state !== "running" || health !== "none")) return false;
    const before = restarts();
    await pause(SETTLE_MS, undefined, { signal });
    await watch.look();
    return !own().every(isUp) || restarts() !== before;
  }

  async #start(name: string): Promise<void> {
    const { docker, plan, watch, signal, onStep } = this.#around;
    const service = plan.services[name] as PlannedService;
    await Promise.all(
      Object.entries(service.model.depends_on ?? {}).map(async ([needed, dependency]) => {
        if (!plan.services[needed]) return;
        try {
          await this.#met(needed, dependency?.condition ?? "service_started");
        } catch (error) {
          if (dependency?.required !== false) throw error;
        }
      }),
    );
    const ids = this.#around.containers.get(name) ?? [];
    await Promise.all(
      ids.map(async (id) => {
        signal.throwIfAborted();
        const now = watch.snapshot.containers.find((one) => one.id === id);
        if (now?.state === "running" || now?.state === "restarting") return;
        // A step whose work is done is not done again.
        if (now?.exitCode === 0 && isStep(plan, name)) return;
        onStep("start", name);
        this.#fresh.add(name);
        const container = docker.getContainer(id);
        try {
          await (now?.state === "paused" ? container.unpause() : container.start());
        } catch (error) {
          // 304: it runs by now; 404: it was taken away, which looking again will mend.
          if (statusOf(error) === 304) return;
          if (statusOf(error) === undefined || isRace(error)) throw error;
          throw await startFailure(name, error);
        }
      }),
    );
    if (ids.length > 0) await watch.look();
  }

  async #met(needed: string, condition: Condition): Promise<void> {
    await this.start(needed);
    if (condition === "service_healthy") await this.#reach(needed, "healthy");
    if (condition === "service_completed_successfully") await this.#reach(needed, "completed");
  }

  async #reach(name: string, goal: "ready" | "healthy" | "completed"): Promise<void> {
    const { docker, watch, signal, deadlineMs } = this.#around;
    const ids = this.#around.containers.get(name) ?? [];
    const late = AbortSignal.timeout(deadlineMs);
    const judge = (containers: readonly Observed[]): true | Wrong | undefined => {
      const own = containers.filter(({ id }) => ids.includes(id));
      let reached = own.length === ids.length;
      for (const one of own) {
        const restarts = watch.snapshot.restarts.get(one.id) ?? 0;
        const verdict = verdictOf(one, goal, restarts - (this.#restartsBefore.get(one.id) ?? 0));
        if (typeof verdict === "string") return { container: one, why: verdict };
        reached &&= verdict;
      }
      return reached ? true : undefined;
    };
    let outcome: true | Wrong;
    try {
      outcome = await watch.until(judge, AbortSignal.any([signal, late]));
    } catch (error) {
      if (!late.aborted || signal.aborted) throw error;
      const container = watch.snapshot.containers.find(({ id }) => ids.includes(id));
      if (!container) throw error;
      outcome = { container, why: "not_ready" };
    }
    if (outcome !== true) throw await endFailure(docker, name, outcome.container, outcome.why);
  }
}

type Why = Parameters<typeof endFailure>[3];
type Wrong = { readonly container: Observed; readonly why: Why };

function verdictOf(one: Observed, goal: string, ends: number): boolean | Why {
  const ended = one.state === "exited" || one.state === "dead";
  if (goal === "completed") {
    if (!ended) return false;
    return one.exitCode === 0 ? true : "step";
  }
  if (one.health === "unhealthy") return "unhealthy";
  if (ends >= MAX_ENDS) return "keeps_ending";
  if (ended) return goal === "ready" && one.exitCode === 0 ? true : "exited";
  return goal === "healthy" ? one.health === "healthy" : isUp(one);
}

/** A service that is there to do something once: others wait for its end, or it says so itself. */
export function isStep(plan: Plan, name: string): boolean {
  const service = plan.services[name];
  return (
    (service !== undefined && xService(service).step) ||
    Object.values(plan.services).some(
      ({ model }) => model.depends_on?.[name]?.condition === "service_completed_successfully",
    )
  );
}
