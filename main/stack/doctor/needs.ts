import type { ServiceView } from "../../../contract/service.ts";
import type { Check } from "../../runtime/doctor.ts";

type Supervisor = ServiceView["supervisor"];

/** What is available, in bytes; null is what cannot be known, such as a disk elsewhere. */
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
 * What each profile takes, rounded up, in the order in which profiles are worth having. Memory is the
 * most that was in use at once while the demo (619,040 bars) was tested and served: 2.3 GB as processes
 * (their proportional share), 1.6 GB of them the engine's; as much in containers (`docker stats`).
 * Beside it, storage took 0.1 GB, monitoring 0.1 GB without Grafana, of which the limit is taken, and
 * a notebook 0.2 GB before it read anything. Disk is the demo's workspace, 0.3 GB, with environments,
 * 2 GB and 0.5 GB for notebooks, or with the layers of our images, 2.8 GB and 1.6 GB. What images of
 * others take is estimated.
 */
const NEEDS: Readonly<Record<Supervisor, Readonly<Record<string, Need>>>> = {
  native: {
    core: { memory: 2.5 * GB, disk: 2.5 * GB },
    notebooks: { memory: 0.5 * GB, disk: 0.5 * GB },
  },
  docker: {
    core: { memory: 2.5 * GB, disk: 4.5 * GB },
    storage: { memory: 0.2 * GB, disk: GB },
    monitoring: { memory: 0.8 * GB, disk: 3 * GB },
    notebooks: { memory: 0.5 * GB, disk: 2 * GB },
  },
};

const NAMES: Readonly<Record<Supervisor, string>> = { native: "processes", docker: "containers" };

/** Profiles of which it is known what they need. */
export function measuredProfiles(supervisor: Supervisor): string[] {
  return Object.keys(NEEDS[supervisor]);
}

/** Whether these profiles fit into that room together, and which others fit beside them. */
export function checkRoom(supervisor: Supervisor, profiles: readonly string[], room: Room): Check {
  const chosen = profiles.includes("*") ? measuredProfiles(supervisor) : profiles;
  const fits = fitsOf(supervisor, chosen, room);
  const lacks = new Set(
    fits.filter(({ profile }) => chosen.includes(profile)).flatMap((one) => one.lacks),
  );
  return {
    name: `Stack as ${NAMES[supervisor]}`,
    state: lacks.size === 0 ? "ok" : "warning",
    found: found(fits, room),
    hint:
      lacks.size === 0
        ? null
        : `Too little: ${listed([...lacks])}. ${suggestion(supervisor, fitting(fits))}`,
  };
}

/** A profile beside all that fit before it. */
interface Fit {
  readonly profile: string;
  readonly need: Need;
  /** Nothing where it fits. */
  readonly lacks: readonly Lack[];
}

type Lack = "cores" | "memory" | "disk";

/** Each profile in turn, those first that were chosen, then those that are most worth having. */
function fitsOf(supervisor: Supervisor, chosen: readonly string[], room: Room): Fit[] {
  const all = measuredProfiles(supervisor);
  const [first, others] = [true, false].map((is) =>
    all.filter((one) => chosen.includes(one) === is),
  );
  const fits: Fit[] = [];
  for (const profile of [...(first ?? []), ...(others ?? [])]) {
    const need = sumOf(supervisor, [...fitting(fits), profile]);
    const lacks = lacking(need, room);
    fits.push({ profile, need, lacks });
    // All others stand on it.
    if (profile === "core" && lacks.length > 0) break;
  }
  return fits;
}

const fitting = (fits: readonly Fit[]) =>
  fits.filter(({ lacks }) => lacks.length === 0).map(({ profile }) => profile);

function found(fits: readonly Fit[], room: Room): string {
  const all = fits.findLast(({ lacks }) => lacks.length === 0);
  const names = fitting(fits);
  const disk = room.disk === null ? "" : ` and ${text(room.disk)}`;
  return [
    ...(all
      ? [
          `${listed(names)} ${names.length === 1 ? "fits" : "fit"}: ${text(all.need.memory)} of memory ` +
            `and ${text(all.need.disk)} of disk needed, ${text(room.memory)}${disk} available`,
        ]
      : []),
    ...fits
      .filter(({ lacks }) => lacks.length > 0)
      .map(({ profile, need, lacks }) => {
        const words = lacks.map((lack) => inWords(lack, need, room));
        return `${profile} does not${all ? "" : " fit"}: ${listed(words)}`;
      }),
  ].join("; ");
}

function inWords(lack: Lack, need: Need, room: Room): string {
  if (lack === "cores") return `${CORES} cores needed, ${room.cores} available`;
  return `${text(need[lack])} of ${lack} needed, ${text(room[lack] ?? 0)} available`;
}

function suggestion(supervisor: Supervisor, names: readonly string[]): string {
  if (names.length > 0)
    return `What fits: \`stack up --${supervisor} --profile ${names.join(" ")}\`.`;
  return supervisor === "docker"
    ? "Processes need less: `stack up --native`. Docker Desktop can be given more in its settings."
    : "End what else takes it up; with less, only small data sets can be tested.";
}

function sumOf(supervisor: Supervisor, profiles: readonly string[]): Need {
  const needs = profiles.map((name) => NEEDS[supervisor][name] ?? { memory: 0, disk: 0 });
  return {
    memory: needs.reduce((sum, { memory }) => sum + memory, 0),
    disk: needs.reduce((sum, { disk }) => sum + disk, 0),
  };
}

function lacking(need: Need, room: Room): Lack[] {
  return [
    ...(room.cores < CORES ? (["cores"] as const) : []),
    ...(room.memory < need.memory ? (["memory"] as const) : []),
    ...(room.disk !== null && room.disk < need.disk ? (["disk"] as const) : []),
  ];
}

const text = (bytes: number) => `${(bytes / GB).toFixed(1).replace(".0", "")} GB`;

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
