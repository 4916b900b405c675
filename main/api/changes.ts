import { setTimeout as sleep } from "node:timers/promises";
import type { Noun } from "../../contract/noun.ts";
import type { TypedEvent } from "../runtime/typed-event.ts";

/** A search writes hundreds of trials a second; nobody looks that often. */
const GATHER_MS = 100;

/** Sets of changed nouns until the client leaves, at most ten a second. */
export async function* changes(
  changed: TypedEvent<Noun>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Noun[]> {
  const pending = new Set<Noun>();
  let wake: () => void = () => undefined;
  const leave = changed.subscribe((noun) => {
    pending.add(noun);
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    // At once, so that a client knows that it is connected, and asks again for what it missed.
    yield [];
    while (!signal?.aborted) {
      if (pending.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (signal?.aborted) return;
      await sleep(GATHER_MS);
      const nouns = [...pending];
      pending.clear();
      yield nouns;
    }
  } finally {
    leave();
    signal?.removeEventListener("abort", onAbort);
  }
}
