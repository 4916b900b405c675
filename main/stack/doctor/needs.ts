import type { ServiceView } from "../../../contract/service.ts";
import type { Check } from "../../runtime/doctor.ts";

type Supervisor = ServiceView["supervisor"];

/** What there is to be had, in bytes; null is what cannot be known, such as a disk elsewhere. */
export interface Room {
  readonly cores: number;
  readonly memory: number;
  readonly disk: number | null;
}

interface Need {
  readonly memory: number;
  /** With what is installed for it: environments of Python, or images. */
  readonly disk: number;
}

const GB = 1024 ** 3;
/** Searches and the services beside them. */
const CORES = 2;

/**
 * What each profile takes on a usual data set, in the order in which profiles are worth having:
 * estimates on the safe side. Limits of containers are higher; they are there for what goes wrong.
 */
const NEEDS: Readonly<Record<Supervisor, Readonly<Record<string, Need>>>> = {
  native: {
    core: { memory: 3 * GB, disk: 3 * GB },
    notebooks: { memory: GB, disk: 1.5 * GB },
  },
  docker: {
    core: { memory: 4 * GB, disk: 5 * GB },
    storage: { memory: 0.5 * GB, disk: GB },
    monitoring: { memory: GB, disk: 3 * GB },
    notebooks: { memory: GB, disk: 2 * GB },
  },
};

const NAMES: Readonly<Record<Supervisor, string>> = { native: "processes", docker: "containers" };

/** Profiles of which it is known what they need. */
export function measuredProfiles(supervisor: Supervisor): string[] {
  return Object.keys(NEEDS[supervisor]);
}

/** Whether these profiles fit into that room together, and what does where they do not. */
export function checkRoom(supervisor: Supervisor, profiles: readonly string[], room: Room): Check {
  const all = profiles.includes("*") ? measuredProfiles(supervisor) : profiles;
  const need = sumOf(supervisor, all);
  const lacks = lacking(need, room);
  const disk = room.disk === null ? "" : ` and ${text(room.disk)} of disk`;
  return {
    name: `Stack as ${NAMES[supervisor]}`,
    state: lacks.length === 0 ? "ok" : "warning",
    found:
      `${listed(all)} ${all.length === 1 ? "needs" : "need"} ${text(need.memory)} of memory and ` +
      `${text(need.disk)} of disk; there are ${room.cores} cores, ${text(room.memory)}${disk}`,
    hint:
      lacks.length === 0 ? null : `Too little: ${listed(lacks)}. ${suggestion(supervisor, room)}`,
  };
}

/** As many profiles as fit, those first that are most worth having. */
export function fittingProfiles(supervisor: Supervisor, room: Room): string[] {
  const chosen: string[] = [];
  for (const name of measuredProfiles(supervisor)) {
    if (lacking(sumOf(supervisor, [...chosen, name]), room).length > 0) continue;
    chosen.push(name);
  }
  // All others stand on it.
  return chosen.includes("core") ? chosen : [];
}

function suggestion(supervisor: Supervisor, room: Room): string {
  const fitting = fittingProfiles(supervisor, room);
  if (fitting.length > 0) {
    return `What fits: \`stack up --${supervisor} --profile ${fitting.join(" ")}\`.`;
  }
  return supervisor === "docker"
    ? "Processes need less: `stack up --native`. Docker Desktop can be given more in its settings."
    : "Only small data sets can be tested.";
}

function sumOf(supervisor: Supervisor, profiles: readonly string[]): Need {
  const needs = profiles.map((name) => NEEDS[supervisor][name] ?? { memory: 0, disk: 0 });
  return {
    memory: needs.reduce((sum, { memory }) => sum + memory, 0),
    disk: needs.reduce((sum, { disk }) => sum + disk, 0),
  };
}

function lacking(need: Need, room: Room): string[] {
  return [
    ...(room.cores < CORES ? ["cores"] : []),
    ...(room.memory < need.memory ? ["memory"] : []),
    ...(room.disk !== null && room.disk < need.disk ? ["disk"] : []),
  ];
}

const text = (bytes: number) => `${(bytes / GB).toFixed(1).replace(".0", "")} GB`;

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
