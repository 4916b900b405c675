import { existsSync, statfsSync } from "node:fs";
import { availableParallelism, freemem, platform, release, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ENVIRONMENT_NAMES, type EnvironmentName, Environments } from "./environments.ts";

export type Check = {
  name: string;
  /**
   * `missing` stops the product from working; a `warning` only limits it; what is a `note` needs
   * nobody.
   */
  state: "ok" | "note" | "warning" | "missing";
  found: string;
  hint: string | null;
};

const GB = 1024 ** 3;
const ROOT = join(import.meta.dirname, "../..");

/** Looks at this machine, but for Docker; changes nothing. */
export function examine(workspace: string, environments = productEnvironments()): Check[] {
  return [
    { name: "System", state: "ok", found: `${platform()} ${release()}`, hint: null },
    node(),
    ...ENVIRONMENT_NAMES.map((name) => environment(environments, name)),
    cores(),
    memory(),
    disk(workspace),
  ];
}

function node(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    name: "Node",
    state: major >= 22 ? "ok" : "missing",
    found: process.version,
    hint: major >= 22 ? null : "Start through npm (`npm run cli -- …`): it brings Node 24 along.",
  };
}

function environment(environments: Environments, name: EnvironmentName): Check {
  const check = { name: `Python: ${name}`, found: environments.folder(name), hint: null };
  if (environments.isReady(name)) return { ...check, state: "ok" };
  switch (environments.state(name)) {
    case "kept_elsewhere":
      return {
        ...check,
        // Nothing but notebooks needs theirs.
        state: name === "notebooks" ? "note" : "missing",
        found: `not in ${check.found}`,
        hint: "Make it there, or unset BREADTHFLOW_ENVIRONMENTS to let the workbench make its own.",
      };
    case "outdated":
      return { ...check, state: "note", found: "made for another version; made anew on first use" };
    default:
      return { ...check, state: "note", found: "made on first use, which takes a minute or so" };
  }
}

function productEnvironments(): Environments {
  return new Environments({ root: ROOT, override: process.env.BREADTHFLOW_ENVIRONMENTS });
}

function cores(): Check {
  const found = availableParallelism();
  return {
    name: "Cores",
    state: found >= 2 ? "ok" : "warning",
    found: String(found),
    hint: found >= 2 ? null : "Searches will be slow on one core.",
  };
}

function memory(): Check {
  const enough = totalmem() >= 4 * GB;
  return {
    name: "Memory",
    state: enough ? "ok" : "warning",
    found: `${(totalmem() / GB).toFixed(1)} GB, ${(freemem() / GB).toFixed(1)} GB free`,
    hint: enough ? null : "With less than 4 GB only small data sets can be tested.",
  };
}

function disk(workspace: string): Check {
  const folder = nearestFolder(workspace);
  const free = freeBytesOf(folder);
  return {
    name: "Disk",
    state: free >= 5 * GB ? "ok" : free >= GB ? "warning" : "missing",
    found: `${(free / GB).toFixed(1)} GB free at ${folder}`,
    hint: free >= 5 * GB ? null : "Free at least 5 GB, or choose another --workspace.",
  };
}

/** What is free on the disk of a folder, which need not be there yet. */
export function freeBytesAt(folder: string): number {
  return freeBytesOf(nearestFolder(folder));
}

/** What is free on the disk of a folder that is there. */
export function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The nearest parent that exists tells of the same disk. */
function nearestFolder(path: string): string {
  let folder = resolve(path);
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}
