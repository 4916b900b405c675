import { type Problem, WorkbenchError } from "../../../contract/problem.ts";
import { describeHolder, portHolder } from "../../runtime/port-holder.ts";
import { LAST_LINES, lastWords } from "../failure-cause.ts";
import type { ServicePorts } from "../service.ts";
import type { Exit } from "./running-process.ts";

const PORT_WORDS = /EADDRINUSE|address already in use|only one usage of each socket address/i;

export interface FailedStart {
  readonly name: string;
  readonly ports: ServicePorts;
  readonly log: string;
  /** Log lines of this attempt, oldest first. */
  readonly lines: readonly string[];
  /** How it ended, or null if it still ran when its time was up. */
  readonly exit: Exit | null;
  readonly deadlineMs: number;
}

/** The error for a service that did not become ready, with what it said last and where that is. */
export async function startFailure(start: FailedStart): Promise<WorkbenchError> {
  const { name, ports, log, exit } = start;
  const lines = start.lines.slice(-LAST_LINES);
  const where = { service: name, log, last_lines: lines };
  if (exit && lines.some((line) => PORT_WORDS.test(line))) {
    for (const port of Object.values(ports)) {
      const holder = await portHolder(port);
      if (!holder) continue;
      return new WorkbenchError({
        code: "service.port_taken",
        detail: `${name} could not listen on port ${port}: ${describeHolder(holder)} has it.`,
        hint: "Try again: the next free port is taken. Or end that program.",
        where: { ...where, port, holder },
      });
    }
  }
  if (exit) {
    const how = exit.signal ? `was ended by ${exit.signal}` : `ended with exit code ${exit.code}`;
    return new WorkbenchError({
      code: "service.exited_at_start",
      detail: `${name} ${how} before it was ready.${lastWords(start.lines)}`,
      hint: `Its log says more: ${log}`,
      where,
    });
  }
  return new WorkbenchError({
    code: "service.not_ready",
    detail: `${name} was not ready within ${start.deadlineMs / 1000} s and was ended.`,
    hint: `The machine may be too busy: try again. Its log says how far it came: ${log}`,
    where,
  });
}

/** What is told of a service that runs and does not answer; it is ended, and started again. */
export function hungProblem(name: string, seconds: number, log: string): Problem {
  return {
    code: "service.hung",
    detail: `${name} has not answered for ${Math.round(seconds)} s and was ended.`,
    hint: `It is started again by itself. If it keeps hanging, its log may say why: ${log}`,
    where: { service: name, log },
  };
}

/** What is told of a service that ended while it was in use. */
export function crashProblem(name: string, exit: Exit, log: string): Problem {
  const how = exit.signal
    ? `was ended by ${exit.signal}`
    : exit.code === null
      ? "ended"
      : `ended with exit code ${exit.code}`;
  return {
    code: "service.crashed",
    detail: `${name} ${how} while it was in use.`,
    hint: `It is started again by itself. If it keeps ending, its log says why: ${log}`,
    where: { service: name, log },
  };
}
