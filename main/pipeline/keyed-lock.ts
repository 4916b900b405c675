/** Lets one piece of work at a time have a key; the others wait, and may give up waiting. */
export class KeyedLock {
  readonly #held = new Map<string, Promise<void>>();

  async hold<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (let held = this.#held.get(key); held !== undefined; held = this.#held.get(key)) {
      await orAborted(held, signal);
    }
    signal.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.set(key, promise);
    try {
      return await work();
    } finally {
      this.#held.delete(key);
      resolve();
    }
  }
}

async function orAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([wait, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
