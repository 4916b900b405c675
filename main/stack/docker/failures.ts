import type Docker from "dockerode";
import type { WorkbenchError } from "../../../contract/problem.ts";
import { describeHolder, portHolder } from "../../runtime/port-holder.ts";
import { isFree } from "../../runtime/ports.ts";
import { CAUSE_LINES, LAST_LINES, lastWords } from "../failure-cause.ts";
import { reasonOf, serviceError } from "./errors.ts";
import { demultiplexed } from "./log-frames.ts";
import type { Observed } from "./observed.ts";

/** A line as the daemon tells it where times are asked for. */
const TIMED_LINE = /^(?:(\d{4}-\S+Z) ?)?(.*)$/s;
const OLDER_DATA =
  /database files are incompatible|initialized by PostgreSQL version|data (?:directory|files?) .*(?:older|incompatible) version|unsupported (?:data|storage) format/i;

/** Why a container could not be started: most often because its port is another program's. */
export async function startFailure(service: string, error: unknown): Promise<WorkbenchError> {
  const reason = reasonOf(error);
  const port = Number(
    /(?:Bind for|listen (?:tcp|udp)\d?) [^ ]*?:(\d+)[: ]/.exec(reason)?.[1] ??
      /(?:exposing port|forward) .*?:(\d+)/.exec(reason)?.[1] ??
      0,
  );
  if (port > 0 && /already allocated|already in use|address in use/i.test(reason)) {
    const holder = await portHolder(port);
    const free = await nextFree(port);
    return serviceError(
      service,
      "docker.port_taken",
      `${service} wants port ${port}, which ${describeHolder(holder)} has.`,
      `End that program, or let ${service} use another port: ${free} is free.`,
      { port, next_free: free, ...(holder ? { holder } : {}) },
    );
  }
  return serviceError(
    service,
    "docker.cannot_start",
    `${service} could not be started: ${reason}`,
    "What the daemon says names the setting; change it in the compose file.",
  );
}

/** Why a container that was started is not what it should be. */
export async function endFailure(
  docker: Docker,
  service: string,
  container: Observed,
  why: "exited" | "step" | "unhealthy" | "keeps_ending" | "not_ready",
): Promise<WorkbenchError> {
  const { lines, attempt } = await logOf(docker, container.id);
  const where = { container: container.name, exit_code: container.exitCode, last_lines: lines };
  const said = lastWords(attempt.length > 0 ? attempt : lines.slice(-1));
  if (lines.some((line) => OLDER_DATA.test(line))) {
    return serviceError(
      service,
      "docker.volume_of_older_version",
      `${service} cannot read what an older version left in its volume.${said}`,
      "Go back to the older image, or back the data up and move it as docs/stack.md says.",
      where,
    );
  }
  if (why === "unhealthy" || why === "not_ready") {
    const checks = await healthLog(docker, container.id);
    return serviceError(
      service,
      why === "unhealthy" ? "docker.unhealthy" : "docker.not_ready",
      why === "unhealthy"
        ? `The health check of ${service} fails${checks ? `: ${checks}` : "."}`
        : `${service} was not ready in time${checks ? `: ${checks}` : "."}`,
      "Its log says more. If it only needs longer, raise its start_period.",
      where,
    );
  }
  if (why === "step") {
    return serviceError(
      service,
      "docker.step_failed",
      `The step ${service} failed with exit code ${container.exitCode}.${said}`,
      "What waits for it was not started. Give the command again when its cause is gone.",
      where,
    );
  }
  return serviceError(
    service,
    why === "exited" ? "docker.exited_at_start" : "docker.keeps_ending",
    why === "exited"
      ? `${service} ended with exit code ${container.exitCode} before it was ready.${said}`
      : `${service} is started again and again, and ends each time (exit code ${container.exitCode}).${said}`,
    "Its log says why.",
    where,
  );
}

interface ContainerLog {
  /** The last ones. */
  readonly lines: readonly string[];
  /** Those since it was last started: what it died of before is no cause of this end. */
  readonly attempt: readonly string[];
}

async function logOf(docker: Docker, id: string): Promise<ContainerLog> {
  try {
    const container = docker.getContainer(id);
    const { Config, State } = await container.inspect();
    const output = await container.logs({
      stdout: true,
      stderr: true,
      timestamps: true,
      tail: CAUSE_LINES,
      follow: false,
    });
    const started = Date.parse(State.StartedAt);
    const told = demultiplexed(output as unknown as Buffer, Config.Tty)
      .split("\n")
      .map((line) => {
        const [, time = "", text = ""] = TIMED_LINE.exec(line.trimEnd()) ?? [];
        return { text, isOfAttempt: !(Date.parse(time) < started) };
      })
      .filter(({ text }) => text !== "");
    const textsOf = (some: typeof told) => some.map(({ text }) => text);
    return {
      lines: textsOf(told.slice(-LAST_LINES)),
      attempt: textsOf(told.filter(({ isOfAttempt }) => isOfAttempt)),
    };
  } catch {
    return { lines: [], attempt: [] };
  }
}

async function healthLog(docker: Docker, id: string): Promise<string | undefined> {
  try {
    const { State } = await docker.getContainer(id).inspect();
    return State.Health?.Log?.at(-1)?.Output?.trim().split("\n").at(-1);
  } catch {
    return undefined;
  }
}

async function nextFree(port: number): Promise<number> {
  for (let next = port + 1; next < 65_536; next += 1) if (await isFree(next)) return next;
  return 0;
}
