const PAUSES_MS = [100, 200, 400, 800, 1600];

/**
 * Asks again for what broke off on the way. When a network of containers is made or removed, this
 * machine's addresses change, and Chromium then drops whatever it is fetching, from this machine too.
 */
export async function fetched<T>(fetch: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await fetch();
    } catch {
      await new Promise((later) => setTimeout(later, pause));
    }
  }
  return fetch();
}
