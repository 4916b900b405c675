import type { TypedEvent } from "../runtime/typed-event.ts";

/** What an event tells from now on, gathered while the client is busy, until it leaves. */
export async function* eventStream<T>(
  event: TypedEvent<T>,
  signal: AbortSignal,
): AsyncGenerator<T[]> {
  let pending: T[] = [];
  let wake: () => void = () => undefined;
  const leave = event.subscribe((value) => {
    pending.push(value);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  try {
    // At once, so that a client knows from when on it misses nothing.
    yield [];
    while (!signal.aborted) {
      if (pending.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const values = pending;
      pending = [];
      if (values.length > 0) yield values;
    }
  } finally {
    leave();
    signal.removeEventListener("abort", onAbort);
  }
}
