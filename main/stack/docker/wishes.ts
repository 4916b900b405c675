import { WorkbenchError } from "../../../contract/problem.ts";
import { awayProblem, isDaemonAway } from "./errors.ts";

/** What is asked for services: to run, or to end. */
export interface Wish {
  readonly for: "up" | "down";
  /** All services that it touches. */
  readonly services: ReadonlySet<string>;
}

interface Pending extends Wish {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Work on a stack. Wishes for services that have nothing to do with each other go side by side; of
 * two that touch the same service, the later waits for the earlier, and ends it where it wants the
 * contrary.
 */
export class Wishes {
  #pending: readonly Pending[] = [];

  do(wish: Wish, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    const before = this.#pending.filter(({ services }) =>
      [...services].some((one) => wish.services.has(one)),
    );
    for (const one of before) if (one.for !== wish.for) one.abort.abort(superseded());
    const result = Promise.all(before.map(({ done }) => done)).then(() => {
      abort.signal.throwIfAborted();
      return work(abort.signal).catch((error) => {
        abort.signal.throwIfAborted();
        throw isDaemonAway(error)
          ? new WorkbenchError(awayProblem(error), { cause: error })
          : error;
      });
    });
    const pending: Pending = {
      ...wish,
      abort,
      done: result
        .catch(() => undefined)
        .then(() => {
          this.#pending = this.#pending.filter((one) => one !== pending);
        }),
    };
    this.#pending = [...this.#pending, pending];
    return result;
  }

  /** Ends what is under way, and resolves when it has ended. */
  async close(): Promise<void> {
    for (const { abort } of this.#pending) abort.abort(superseded());
    await Promise.all(this.#pending.map(({ done }) => done));
  }
}

function superseded(): WorkbenchError {
  return new WorkbenchError({
    code: "stack.superseded",
    detail: "The contrary was asked of the same service before this was done.",
    hint: "The last wish counts.",
  });
}
