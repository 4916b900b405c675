/**
 * How a Python program names what went wrong. Looked for in all lines of the attempt: a server may
 * say more while it shuts down than it said of its failure. What was cancelled then is no cause.
 */
const CAUSE = /^(?!.*CancelledError)[\w.]*(?:Error|Exception)(?::|$)/;

/** Of a service's log, where its cause is looked for. */
export const CAUSE_LINES = 200;
/** Of a service's log, what goes with its problem. */
export const LAST_LINES = 20;

/**
 * What a service that ended said of it: what it named as the cause, or else its last line. A
 * sentence that follows another one; empty where it said nothing.
 *
 * @param lines of the attempt that failed, oldest first
 */
export function lastWords(lines: readonly string[]): string {
  const cause = lines.find((line) => CAUSE.test(line));
  if (cause) return ` It said: ${cause}`;
  const last = lines.findLast((line) => line.trim() !== "");
  return last ? ` Its last line: ${last}` : "";
}
