/** When a window has been open for this long, whoever is at it has found where to look. */
const AHEAD_MS = 1500;

/**
 * Fetches a part of the window before it is asked for, once the window has nothing else to do.
 *
 * @param part who needs it later says so if it cannot be had
 */
export function fetchAhead(part: () => Promise<unknown>): void {
  const fetch = () => void part().catch(() => undefined);
  // Safari has no idle callbacks.
  setTimeout(() => (window.requestIdleCallback ?? setTimeout)(fetch), AHEAD_MS);
}
