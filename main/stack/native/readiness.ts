import { request } from "node:http";
import { connect } from "node:net";
import type { ReadyCheck, ServicePorts } from "./service.ts";

const INTERVAL_MS = 30;
const ATTEMPT_MS = 2000;

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

export function isReady(check: ReadyCheck, ports: ServicePorts): Promise<boolean> {
  const port = ports[check.port];
  if (port === undefined) throw new Error(`the ready check names an unknown port ${check.port}`);
  return check.kind === "tcp" ? accepts(port) : answers(port, check.path, check.status ?? 200);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: ATTEMPT_MS });
    const end = (outcome: boolean): void => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

function answers(port: number, path: string, status: number): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = request(
      { host: "127.0.0.1", port, path, agent: false, timeout: ATTEMPT_MS },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode === status));
        response.once("error", () => resolve(false));
      },
    );
    attempt.once("timeout", () => attempt.destroy(new Error("timeout")));
    attempt.once("error", () => resolve(false));
    attempt.end();
  });
}
