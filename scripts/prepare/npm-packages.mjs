// Installs exactly what package-lock.json names into node_modules.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exclusively } from "./exclusive.mjs";
import { logTo } from "./log.mjs";
import { ensureNode, nodeIsReady } from "./node-link.mjs";
import { house } from "./places.mjs";
import { installProblem, PrepareError } from "./problem.mjs";
import { ProgramError, run } from "./run.mjs";

const lockFile = path.join(house, "package-lock.json");
const modules = path.join(house, "node_modules");
// npm removes node_modules first, and with it this file; so it is there only after a whole install.
const markerFile = path.join(modules, ".breadthflow-lock");
const engineSettings = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=http"];
const retrySettings = ["--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=4000"];

/** How many packages an install fetches on this platform, near enough for a progress bar. */
const optionalShare = 0.8;

/** @returns {boolean} whether node_modules is what the lock names, with a Node that can run it */
export function npmPackagesAreReady() {
  return modulesMatchLock() && nodeIsReady();
}

function modulesMatchLock() {
  const lock = readIfThere(lockFile);
  if (lock === undefined) return false;
  const sha256 = createHash("sha256").update(lock).digest("hex");
  if (readIfThere(markerFile) === sha256) return true;
  if (!matchesHiddenLock(lock)) return false;
  writeFileSync(markerFile, sha256);
  return true;
}

/**
 * @param {{onProgress?: (progress: import("./progress.mjs").Progress) => void,
 *   signal?: AbortSignal | undefined}} [options]
 */
export async function ensureNpmPackages({ onProgress = () => undefined, signal } = {}) {
  if (npmPackagesAreReady()) return;
  const subject = "npm packages";
  const onWait = (/** @type {number} */ owner) =>
    onProgress({ subject, message: `waiting for the set-up that process ${owner} is doing` });
  await exclusively("npm", { onWait, signal }, async () => {
    if (npmPackagesAreReady()) return;
    if (modulesMatchLock()) return ensureNode();
    await install((message, fraction) => onProgress({ subject, message, fraction }), signal);
    ensureNode();
    const lock = readFileSync(lockFile);
    writeFileSync(markerFile, createHash("sha256").update(lock).digest("hex"));
    onProgress({ subject, message: "ready", fraction: 1 });
  });
}

/**
 * @param {(message: string, fraction?: number) => void} tell
 * @param {AbortSignal | undefined} signal
 */
async function install(tell, signal) {
  const total = Object.keys(JSON.parse(readFileSync(lockFile, "utf8")).packages).length;
  const { command, args } = npmCommand();
  // On Windows a running node.exe cannot be removed, and this one may be the one in node_modules.
  const runsFromModules = process.execPath.startsWith(modules) && process.platform === "win32";
  const verb = runsFromModules ? ["install", "--no-save"] : ["ci"];
  let fetched = 0;
  tell(`installing ${total} packages`, 0);
  try {
    await run(command, [...args, ...verb, ...engineSettings, ...retrySettings], {
      cwd: house,
      signal,
      onLine: (line) => {
        logTo("npm", line);
        if (!/^npm http (cache|fetch)/.test(line)) return;
        fetched += 1;
        const share = fetched / (total * optionalShare);
        if (share < 1) tell("fetching packages", share);
        else tell("unpacking packages");
      },
    });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw installProblem({
      what: "the npm packages",
      registry: "The npm registry",
      variable: "npm_config_registry",
      output: error.output.replace(/^npm (http|warn).*$/gm, ""),
      log: logTo("npm", `failed: ${error.exitCode}`),
    });
  }
}

/**
 * npm as a program that needs no shell: its own script, run by the Node that runs this.
 * @returns {{command: string, args: string[]}}
 */
export function npmCommand() {
  const beside = path.dirname(process.env.npm_node_execpath ?? process.execPath);
  const onPath = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "" && existsSync(path.join(folder, "npm")))
    .map((folder) => realpathSync(path.join(folder, "npm")));
  const script = [
    process.env.npm_execpath ?? "",
    ...onPath,
    path.join(beside, "node_modules/npm/bin/npm-cli.js"),
    path.join(beside, "../lib/node_modules/npm/bin/npm-cli.js"),
  ].find((candidate) => candidate.endsWith("npm-cli.js") && existsSync(candidate));
  if (!script) {
    throw new PrepareError(
      "prepare.npm_missing",
      "npm was not found",
      "install Node 20 or newer together with npm and run the same command again.",
    );
  }
  const endWithParent = path.join(import.meta.dirname, "end-with-parent.cjs");
  return { command: process.execPath, args: ["--require", endWithParent, script] };
}

/**
 * After `npm install PACKAGE` by hand the marker is old, yet nothing needs to be done: npm's own
 * record of what it installed, written last too, says the same as the lock.
 * @param {string} lock
 */
function matchesHiddenLock(lock) {
  const hidden = readIfThere(path.join(modules, ".package-lock.json"));
  if (hidden === undefined) return false;
  /** @type {Record<string, {version?: string, optional?: boolean, integrity?: string}>} */
  const wanted = JSON.parse(lock).packages;
  /** @type {typeof wanted} */
  const installed = JSON.parse(hidden).packages;
  const names = Object.keys(wanted).filter((name) => name !== "");
  const matches = names.every((name) => {
    const there = installed[name];
    if (!there) return wanted[name]?.optional === true;
    const { version, integrity } = wanted[name] ?? {};
    const isSame = there.version === version && there.integrity === integrity;
    return isSame && existsSync(path.join(house, name));
  });
  return matches && Object.keys(installed).every((name) => name in wanted);
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
