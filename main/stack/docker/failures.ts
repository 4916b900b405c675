import type Docker from "dockerode";
import type { WorkbenchError } from "../../../contract/problem.ts";
import { describeHolder, portHolder } from "../../runtime/port-holder.ts";
import { isFree } from "../../runtime/ports.ts";
import { reasonOf, serviceError } from "./errors.ts";
import { demultiplexed } from "./log-frames.ts";
import type { Observed } from "./observed.ts";

const LAST_LINES = 20;
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
  const lines = await lastLines(docker, container.id);
  const last = lines.filter((line) => line.trim() !== "").at(-1);
  const where = { container: container.name, exit_code: container.exitCode, last_lines: lines };
  const said = last ? ` Its last line: ${last}` : "";
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

async function lastLines(docker: Docker, id: string): Promise<string[]> {
  try {
    const container = docker.getContainer(id);
    const tty = (await container.inspect()).Config.Tty;
    const output = await container.logs({
      stdout: true,
      stderr: true,
      tail: LAST_LINES,
      follow: false,
    });
    return demultiplexed(output as unknown as Buffer, tty)
      .split("\n")
      .map((line) => line.trimEnd())
      .filter((line) => line !== "");
  } catch {
    return [];
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
