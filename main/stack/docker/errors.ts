import { type Problem, WorkbenchError } from "../../../contract/problem.ts";

/** The HTTP status of an error from the daemon, or undefined if the daemon did not answer. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === "number" ? status : undefined;
}

/** What the daemon says about it, without the client's own words. */
export function reasonOf(error: unknown): string {
  const { json, reason, message } = error as {
    json?: { message?: string };
    reason?: string;
    message?: string;
  };
  return json?.message ?? message ?? reason ?? String(error);
}

const GONE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
]);

/** The daemon went away in the middle of it. */
export function isDaemonAway(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return (code !== undefined && GONE.has(code)) || /socket hang up/.test(reasonOf(error));
}

/** Something else changed the same thing at the same moment: looking again helps. */
export function isRace(error: unknown): boolean {
  if (error instanceof WorkbenchError) return false;
  const reason = reasonOf(error);
  switch (statusOf(error)) {
    case 400:
    case 500:
      // Two programs made one network at the same moment; the one that was later takes it away.
      return /is ambiguous|network .* not found/i.test(reason);
    case 404:
      return /no such container|no such network|network .* not found/i.test(reason);
    case 409:
      return /in use|already in progress|marked for removal|is already/i.test(reason);
    default:
      return false;
  }
}

export function serviceError(
  service: string,
  code: string,
  detail: string,
  hint: string,
  where: Record<string, unknown> = {},
): WorkbenchError {
  return new WorkbenchError({ code, detail, hint, where: { service, ...where } });
}

export function awayProblem(error: unknown): Problem {
  return {
    code: "docker.away",
    detail: `The Docker daemon stopped answering: ${reasonOf(error)}`,
    hint: "The stack is looked at again as soon as it is back.",
  };
}
