import { setTimeout as sleep } from "node:timers/promises";
import { TypedEvent } from "../../runtime/typed-event.ts";
import type { Attached, Client } from "../cli/attach.ts";
import type { Owner } from "./owner.ts";

type Run = Awaited<ReturnType<Client["runs"]["list"]["query"]>>[number];

const AGAIN_MS = 2000;

/** What runs in the workspace, whoever started it. */
export class Jobs {
  readonly running = new TypedEvent<Run[]>();
  readonly ended = new TypedEvent<Run>();
  readonly #owner: Owner;
  #known = new Set<string>();
  #closed = false;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** Follows the owner process, and the next one where it is started anew, until `close`. */
  async follow(): Promise<void> {
    while (!this.#closed) {
      const attached = await this.#owner.current();
      if (attached) await this.#watch(attached);
      else await sleep(AGAIN_MS);
    }
  }

  close(): void {
    this.#closed = true;
  }

  /** Until the owner ends. */
  async #watch({ client, lost }: Attached): Promise<void> {
    const subscription = client.system.changes.subscribe(undefined, {
      onData: (nouns) => {
        if (nouns.length === 0 || nouns.includes("runs")) void this.#look(client);
      },
    });
    await lost.catch(() => undefined);
    subscription.unsubscribe();
  }

  async #look(client: Client): Promise<void> {
    const runs = await client.runs.list.query().catch(() => null);
    if (!runs) return;
    const running = runs.filter(({ state }) => state === "running");
    const ended = runs.filter(({ run, state }) => this.#known.has(run) && state !== "running");
    this.#known = new Set(running.map(({ run }) => run));
    this.running.emit(running);
    for (const run of ended) this.ended.emit(run);
  }
}
