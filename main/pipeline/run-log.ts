import type { RunId } from "../../contract/ids.ts";
import type { NumberedRunEvent, RunEvent } from "../../contract/run.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import { TypedEvent } from "../runtime/typed-event.ts";

/**
 * What runs say: into the index first, then to whoever listens. A client that lost its connection
 * follows again from the number after the last one it saw.
 */
export class RunLog {
  readonly onEvent = new TypedEvent<NumberedRunEvent>();
  readonly #index: ProjectIndex;
  readonly #now: () => Date;

  constructor(index: ProjectIndex, now: () => Date) {
    this.#index = index;
    this.#now = now;
  }

  /** A piece of news; after a power cut the last ones may be missing. */
  tell(run: RunId, event: RunEvent): void {
    this.onEvent.emit(this.#index.events.append(run, event, this.#now()));
  }

  /** A fact, written to disk together with what it says of the index. */
  record(run: RunId, event: RunEvent, write: () => void): void {
    const numbered = this.#index.durable(() => {
      write();
      return this.#index.events.append(run, event, this.#now());
    });
    this.onEvent.emit(numbered);
  }

  /** The run's events from number `seq` on, those to come included, until the run has ended. */
  async *follow(
    run: RunId,
    seq: number,
    signal?: AbortSignal,
  ): AsyncGenerator<NumberedRunEvent, void, undefined> {
    let wake = Promise.withResolvers<void>();
    const ring = () => wake.resolve();
    const leave = this.onEvent.subscribe((event) => {
      if (event.run === run) ring();
    });
    signal?.addEventListener("abort", ring, { once: true });
    try {
      let next = seq;
      while (!signal?.aborted) {
        wake = Promise.withResolvers<void>();
        // The state is read before the events: a run that had ended has none to come.
        const ended = this.#index.runs.get(run)?.state !== "running";
        const events = this.#index.events.from(run, next);
        for (const event of events) {
          next = event.seq + 1;
          yield event;
        }
        if (events.length > 0) continue;
        if (ended) return;
        await wake.promise;
      }
    } finally {
      leave();
      signal?.removeEventListener("abort", ring);
    }
  }
}
