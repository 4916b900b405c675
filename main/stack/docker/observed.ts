import type Docker from "dockerode";
import { LABEL, ofProject } from "./labels.ts";

export type Health = "none" | "starting" | "healthy" | "unhealthy";

/** A container of a project as the daemon last told of it. */
export interface Observed {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
  readonly configHash: string;
  readonly imageId: string;
  /** The container that it was made to replace, while it has not taken its name yet. */
  readonly replaces: string | undefined;
  /** The daemon's word: created, running, restarting, paused, exited, removing, dead. */
  readonly state: string;
  readonly health: Health;
  /** Of a container that has ended. */
  readonly exitCode: number | undefined;
  readonly ports: readonly ObservedPort[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface ObservedPort {
  readonly address: string;
  readonly published: number;
  readonly target: number;
  readonly protocol: string;
}

/** Every container of a project, whoever made it, in one question to the daemon. */
export async function observe(
  docker: Docker,
  project: string,
  abortSignal: AbortSignal,
): Promise<Observed[]> {
  const filters = ofProject(project);
  const list = await docker.listContainers({ all: true, filters, abortSignal });
  return list.map(observedOf).sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
}

function observedOf(info: Docker.ContainerInfo): Observed {
  const labels = info.Labels ?? {};
  return {
    id: info.Id,
    name: (info.Names[0] ?? "").replace(/^\//, ""),
    service: labels[LABEL.service] ?? "",
    number: Number(labels[LABEL.number] ?? 0),
    oneOff: labels[LABEL.oneOff] === "True",
    configHash: labels[LABEL.configHash] ?? "",
    imageId: labels[LABEL.image] ?? "",
    replaces: labels[LABEL.replaces],
    state: info.State,
    health: healthOf(info.Status),
    exitCode: exitCodeOf(info.Status),
    ports: info.Ports.flatMap((port) =>
      port.PublicPort
        ? [
            {
              address: port.IP ?? "",
              published: port.PublicPort,
              target: port.PrivatePort,
              protocol: port.Type,
            },
          ]
        : [],
    ),
    labels,
  };
}

/** `Up 2 minutes (healthy)`: the list has health only in its words. */
function healthOf(status: string): Health {
  if (status.includes("(healthy)")) return "healthy";
  if (status.includes("(unhealthy)")) return "unhealthy";
  return status.includes("(health: starting)") ? "starting" : "none";
}

/** `Exited (137) 5 seconds ago`. */
function exitCodeOf(status: string): number | undefined {
  const code = /^(?:Exited|Restarting) \((\d+)\)/.exec(status)?.[1];
  return code === undefined ? undefined : Number(code);
}

/** Whether nothing about it says that it is not doing what it should. */
export function isUp({ state, health }: Observed): boolean {
  return state === "running" && (health === "healthy" || health === "none");
}
