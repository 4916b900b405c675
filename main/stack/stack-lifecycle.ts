import { WorkbenchError } from "../../contract/problem.ts";
import { usageOfTree } from "../runtime/process-usage.ts";
import type { StackView } from "./stack-view.ts";
import type { Supervisor, WorkspaceServices } from "./workspace-services.ts";

export interface StackLifecycleOptions {
  readonly services: Pick<WorkspaceServices, "supervisor" | "use" | "status">;
  readonly stack: Pick<StackView, "up" | "down">;
  /** Something is under way on the services that a move would end. */
  readonly isAtWork: () => boolean;
  /** Resolves when what a crash has left running has been found. */
  readonly adopted: () => Promise<void>;
  /** They run elsewhere now: what was served there is to come back. */
  readonly onMove: () => Promise<void>;
}

export type ServiceSummary = {
  name: string;
  state: string;
  port: number | null;
  pid: number | null;
  log: string;
  /** What a person should know although it works, such as a port that had to move. */
  notices: string[];
};

/** Brings the stack up and down, and has what ideas run on follow to where it was brought up. */
export class StackLifecycle {
  readonly #options: StackLifecycleOptions;

  constructor(options: StackLifecycleOptions) {
    this.#options = options;
  }

  /** What the workspace's services run as. */
  get supervisor(): Supervisor {
    return this.#options.services.supervisor;
  }

  /** Has the workspace's services run as processes or in containers from now on. */
  async use(supervisor: Supervisor): Promise<void> {
    const { services, isAtWork, adopted, onMove } = this.#options;
    if (supervisor === services.supervisor) return;
    if (isAtWork()) {
      throw new WorkbenchError({
        code: "stack.busy",
        detail: "A run or an import is under way on the services that would be ended.",
        hint: "Wait for its end, or cancel it.",
      });
    }
    await adopted();
    await services.use(supervisor);
    await onMove();
  }

  /** Brings services up; with the core go those that ideas run on. */
  async up(
    supervisor: Supervisor,
    options: { profiles: readonly string[]; build?: boolean },
  ): Promise<void> {
    // Profiles beside the core change nothing for what ideas run on.
    const withCore = options.profiles.some((name) => name === "core" || name === "*");
    if (withCore) await this.use(supervisor);
    await this.#options.stack.up(supervisor, options);
  }

  /** Ends services; what containers keep for the workspace comes back before volumes go. */
  async down(
    supervisor: Supervisor,
    options: { profiles?: readonly string[]; volumes?: boolean },
  ): Promise<void> {
    if (supervisor === "docker" && options.volumes) await this.use("native");
    await this.#options.stack.down(supervisor, options);
  }

  /** The workspace's services in brief. */
  summaries(): ServiceSummary[] {
    return this.#options.services.status().map((service) => ({
      name: service.name,
      state: service.state,
      port: service.ports.http ?? null,
      pid: service.pid,
      log: service.log,
      notices: [...service.notices],
    }));
  }

  /** Resident bytes of the engine and its workers; null where they are no processes of ours. */
  async engineMemory(): Promise<number | null> {
    const engine = this.#options.services.status().find(({ name }) => name === "engine");
    return engine?.pid ? ((await usageOfTree(engine.pid))?.memory ?? null) : null;
  }
}
