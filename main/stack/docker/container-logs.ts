import { join } from "node:path";
import type Docker from "dockerode";
import { ServiceLog } from "../../runtime/log-files.ts";
import { LogCollector } from "./log-collector.ts";
import type { Observed } from "./observed.ts";

/**
 * What the containers of a project say: in a file for each service, and in one of its own for each
 * further container, since a file can say of one container only how far it came.
 */
export class ContainerLogs {
  readonly #docker: Docker;
  readonly #folder: string;
  readonly #project: string;
  readonly #collectors = new Map<string, LogCollector>();
  readonly #files = new Map<string, Set<string>>();

  constructor(docker: Docker, folder: string, project: string) {
    this.#docker = docker;
    this.#folder = folder;
    this.#project = project;
  }

  fileOf(service: string, number = 1): string {
    const further = number > 1 ? `.${number}` : "";
    return join(this.#folder, `${this.#project}-${service}${further}.log`);
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
    for (const { id, service, state, number } of speaking) {
      const file = this.fileOf(service, number);
      this.#files.set(service, (this.#files.get(service) ?? new Set()).add(file));
      const before = this.#collectors.get(id);
      // One that has ended may be started again, and goes on in the same file.
      if (before && !(before.isOver && state === "running")) continue;
      const collector = new LogCollector(this.#docker, id, file);
      this.#collectors.set(id, collector);
      collector.start();
    }
  }

  /** The last `tail` lines of a service's log; with `follow`, further ones until it aborts. */
  async *read(
    service: string,
    options: { tail: number; follow?: AbortSignal },
  ): AsyncGenerator<string> {
    const { tail, follow: signal } = options;
    const files = new Set([this.fileOf(service), ...(this.#files.get(service) ?? [])]);
    const logs = [...files].map((file) => new ServiceLog(file));
    if (signal) {
      yield* merged(logs.map((log) => log.follow({ tail, signal })));
      return;
    }
    const lines = (await Promise.all(logs.map((log) => log.tail(tail)))).flat();
    // Each begins with its time.
    yield* logs.length === 1 ? lines : lines.sort().slice(-tail);
  }

  /** Resolves when everything that ended containers have said is in the files. */
  async written(): Promise<void> {
    await Promise.all([...this.#collectors.values()].map((one) => one.ended()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#collectors.values()].map((one) => one.close()));
  }
}

/** What any of them gives, as it comes. */
async function* merged(sources: AsyncGenerator<string>[]): AsyncGenerator<string> {
  const next = (source: AsyncGenerator<string>) =>
    source.next().then((result) => ({ source, result }));
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values());
      if (result.done) waiting.delete(source);
      else {
        waiting.set(source, next(source));
        yield result.value;
      }
    }
  } finally {
    for (const source of sources) void source.return(undefined);
  }
}
