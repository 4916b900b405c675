import { join } from "node:path";
import type Docker from "dockerode";
import { ServiceLog } from "../../runtime/log-files.ts";
import { LogCollector } from "./log-collector.ts";
import type { Observed } from "./observed.ts";

/** What the containers of a project say, in a file for each service. */
export class ContainerLogs {
  readonly #docker: Docker;
  readonly #folder: string;
  readonly #project: string;
  readonly #collectors = new Map<string, LogCollector>();

  constructor(docker: Docker, folder: string, project: string) {
    this.#docker = docker;
    this.#folder = folder;
    this.#project = project;
  }

  fileOf(service: string): string {
    return join(this.#folder, `${this.#project}-${service}.log`);
  }

  /** Collects from these containers, and no others any more. */
  collect(containers: readonly Observed[]): void {
    const speaking = containers.filter(({ state }) => state === "running" || state === "exited");
    const ids = new Set(containers.map(({ id }) => id));
    for (const [id, collector] of this.#collectors) {
      if (ids.has(id)) continue;
      void collector.close();
      this.#collectors.delete(id);
    }
    for (const { id, service, state } of speaking) {
      const before = this.#collectors.get(id);
      // One that has ended may be started again, and goes on in the same file.
      if (before && !(before.isOver && state === "running")) continue;
      const collector = new LogCollector(this.#docker, id, this.fileOf(service));
      this.#collectors.set(id, collector);
      collector.start();
    }
  }

  /** The last `tail` lines of a service's log; with `follow`, further ones until it aborts. */
  async *read(
    service: string,
    options: { tail: number; follow?: AbortSignal },
  ): AsyncGenerator<string> {
    const log = new ServiceLog(this.fileOf(service));
    if (options.follow) yield* log.follow({ tail: options.tail, signal: options.follow });
    else yield* await log.tail(options.tail);
  }

  /** Resolves when everything that ended containers have said is in the files. */
  async written(): Promise<void> {
    await Promise.all([...this.#collectors.values()].map((one) => one.ended()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#collectors.values()].map((one) => one.close()));
  }
}
