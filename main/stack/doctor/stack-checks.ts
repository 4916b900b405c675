import { availableParallelism, freemem, platform, totalmem } from "node:os";
import { problemOf } from "../../../contract/problem.ts";
import type { ServiceView } from "../../../contract/service.ts";
import { type Check, freeBytesAt, freeBytesOf } from "../../runtime/doctor.ts";
import { type Connection, connect } from "../docker/connection.ts";
import { refuseUnknownProfiles } from "../services.ts";
import { checkRoom, measuredProfiles, type Room } from "./needs.ts";

type Supervisor = ServiceView["supervisor"];

export interface StackQuestion {
  readonly workspace: string;
  /** How services are to run; without, both ways are looked at, and neither has to be there. */
  readonly supervisor?: Supervisor;
  readonly profiles: readonly string[];
  /** Bytes of memory that the stack takes up already, which are there for it. */
  readonly inUse: number;
}

/** Whether this machine can run these profiles, as processes, as containers, or both. */
export async function stackChecks(question: StackQuestion): Promise<Check[]> {
  const { workspace, supervisor, profiles, inUse } = question;
  refuseUnknownProfiles(profiles, measuredProfiles("docker"));
  const memory = Math.min(totalmem(), freeMemory() + inUse);
  const room = { cores: availableParallelism(), memory, disk: freeBytesAt(workspace) };
  const native = supervisor === "docker" ? [] : nativeChecks(profiles, room, supervisor);
  return supervisor === "native"
    ? native
    : [...native, ...(await dockerChecks(profiles, memory, supervisor === "docker"))];
}

function nativeChecks(
  profiles: readonly string[],
  room: Room,
  wanted: Supervisor | undefined,
): Check[] {
  const able = measuredProfiles("native");
  const [own, others] = [
    profiles.filter((name) => name === "*" || able.includes(name)),
    profiles.filter((name) => name !== "*" && !able.includes(name)),
  ];
  return [
    ...(own.length > 0 ? [checkRoom("native", own, room)] : []),
    ...others.map(
      (name): Check => ({
        name: `Profile ${name}`,
        state: wanted === "native" ? "missing" : "note",
        found: "its services run in containers only",
        hint: wanted === "native" ? "Look at it with --docker, or leave it out." : null,
      }),
    ),
  ];
}

/**
 * @param here memory that is available on this machine
 * @param wanted whether containers were asked for; otherwise nobody has to have Docker
 */
async function dockerChecks(
  profiles: readonly string[],
  here: number,
  wanted: boolean,
): Promise<Check[]> {
  let connection: Connection;
  try {
    connection = await connect();
  } catch (error) {
    const { detail, hint } = problemOf(error);
    const needless = `Not needed: services run as plain processes. For containers: ${hint}`;
    return [
      {
        name: "Docker",
        state: wanted ? "missing" : "note",
        found: detail,
        hint: wanted ? hint : needless,
      },
    ];
  }
  const { version, endpoint, docker } = connection;
  const info: { NCPU: number; MemTotal: number; DockerRootDir?: string } = await docker.info();
  const room: Room = {
    cores: info.NCPU,
    memory: sharesMemory(info.MemTotal) ? Math.min(here, info.MemTotal) : info.MemTotal,
    disk: endpoint.address.startsWith("unix://") ? freeIfHere(info.DockerRootDir) : null,
  };
  return [
    { name: "Docker", state: "ok", found: `${version} at ${endpoint.address}`, hint: null },
    checkRoom("docker", profiles, room),
  ];
}

/** macOS leaves next to nothing free: it keeps files there until somebody wants the memory. */
function freeMemory(): number {
  return platform() === "darwin" ? totalmem() : freemem();
}

/** Whether the daemon's memory is this machine's, and not that of a virtual one. */
function sharesMemory(total: number): boolean {
  return Math.abs(total - totalmem()) < 0.01 * totalmem();
}

/** The daemon's folder may be one of a virtual machine, which this one does not have. */
function freeIfHere(folder: string | undefined): number | null {
  try {
    return freeBytesOf(folder ?? "");
  } catch {
    return null;
  }
}
