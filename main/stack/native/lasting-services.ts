import type { Logger } from "pino";
import type { WorkspaceServices } from "../workspace-services.ts";

export interface LastingServicesOptions {
  readonly services: Pick<WorkspaceServices, "start" | "left" | "endOrphans">;
  /** Names of the services that are not of one deployment. */
  readonly names: readonly string[];
  /** How long a workspace is open before they are started without having been asked for. */
  readonly warmUpMs: number;
  /** Brings back what should be live. */
  readonly restore: () => Promise<unknown>;
  /** What can be made good once they are up. */
  readonly onWarm: () => unknown;
  readonly log: Logger;
}

/** Services that stay up while a workspace is open: found again, or started before they are needed. */
export class LastingServices {
  readonly #options: LastingServicesOptions;
  #warmUp: NodeJS.Timeout | undefined;
  #adopted: Promise<unknown> = Promise.resolve();

  constructor(options: LastingServicesOptions) {
    this.#options = options;
  }

  open(): void {
    const { services, names, warmUpMs, onWarm, log } = this.#options;
    this.#adopted = this.#adopt()
      .then(() => services.endOrphans())
      .catch((err) => log.error({ err }, "orphans could not be ended"));
    // A command may need none of them; who stays will, and should not have to wait for them.
    this.#warmUp = setTimeout(() => {
      for (const name of names) void this.up(name);
      void onWarm();
    }, warmUpMs).unref();
  }

  /** Resolves when what should run again does, or cannot. */
  async adopted(): Promise<void> {
    await this.#adopted;
  }

  /** Starts one without waiting for it; a failure is told in the log, and again to who asks. */
  up(name: string): Promise<unknown> {
    const { services, log } = this.#options;
    return services.start(name).catch((err) => log.error({ service: name, err }, "not ready"));
  }

  /** From now on they come when they are asked for, and not before. */
  warmNoMore(): void {
    clearTimeout(this.#warmUp);
  }

  /** Takes back what a crash of the workbench has left running, and what should be live. */
  async #adopt(): Promise<void> {
    const { services, names, restore } = this.#options;
    const left = await services.left();
    const up = names.filter((name) => left.includes(name));
    await Promise.all([...up.map((name) => this.up(name)), restore()]);
  }
}
