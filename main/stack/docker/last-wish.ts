import { WorkbenchError } from "../../../contract/problem.ts";
import { awayProblem, isDaemonAway } from "./errors.ts";

/** Work on a stack, one after the other: who asks for something new ends what is under way. */
export class LastWish {
  #turn: Promise<unknown> = Promise.resolve();
  #current: AbortController | undefined;

  do(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    this.#current?.abort(superseded());
    this.#current = abort;
    const result = this.#turn.then(() => {
      abort.signal.throwIfAborted();
      return work(abort.signal).catch((error) => {
        abort.signal.throwIfAborted();
        throw isDaemonAway(error)
          ? new WorkbenchError(awayProblem(error), { cause: error })
          : error;
      });
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Ends what is under way, and resolves when it has ended. */
  async close(): Promise<void> {
    this.#current?.abort(superseded());
    await this.#turn;
  }
}

function superseded(): WorkbenchError {
  return new WorkbenchError({
    code: "stack.superseded",
    detail: "Something else was asked of the stack before this was done.",
    hint: "The last wish counts.",
  });
}
