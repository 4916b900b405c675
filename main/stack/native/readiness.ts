import { request } from "node:http";
import type { ReadyCheck, ServicePorts } from "../service.ts";

const INTERVAL_MS = 30;
const ATTEMPT_MS = 2000;

/** When a service that runs counts as hung. */
export interface Liveness {
  readonly everyMs: number;
  /** Checks in a row without an answer; generous, since a service may only be very busy. */
  readonly misses: number;
}

/** Asks until the service is ready (true), the deadline has passed or `signal` aborts (false). */
export async function waitUntilReady(
  check: ReadyCheck,
  ports: ServicePorts,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + check.deadlineMs;
  while (!signal.aborted && performance.now() < deadline) {
    if (await isReady(check, ports)) return true;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
  return false;
}

/**
 * Asks a service that runs now and then whether it still answers.
 *
 * @returns seconds since its last answer once it counts as hung; undefined when `signal` aborts
 */
export async function untilHung(
  check: ReadyCheck,
  ports: ServicePorts,
  { everyMs, misses }: Liveness,
  signal: AbortSignal,
): Promise<number | undefined> {
  let answered = performance.now();
  let missed = 0;
  while (missed < misses) {
    await wait(everyMs, signal, true);
    if (signal.aborted) return undefined;
    if (await isReady(check, ports)) {
      answered = performance.now();
      missed = 0;
    } else missed += 1;
  }
  return signal.aborted ? undefined : (performance.now() - answered) / 1000;
}

function isReady(check: ReadyCheck, ports: ServicePorts): Promise<boolean> {
  const port = ports[check.port];
  if (port === undefined) throw new Error(`the ready check names an unknown port ${check.port}`);
  return answers(port, check.path);
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = request(
      { host: "127.0.0.1", port, path, agent: false, timeout: ATTEMPT_MS },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode === 200));
        response.once("error", () => resolve(false));
      },
    );
    attempt.once("timeout", () => attempt.destroy(new Error("timeout")));
    attempt.once("error", () => resolve(false));
    attempt.end();
  });
}

/**
 * Resolves after the time, or at once when `signal` aborts.
 *
 * @param idle whether this process may end meanwhile
 */
export function wait(milliseconds: number, signal: AbortSignal, idle = false): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", cut);
      resolve();
    }, milliseconds);
    if (idle) timer.unref();
    const cut = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) cut();
    else signal.addEventListener("abort", cut, { once: true });
  });
}
