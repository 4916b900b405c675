// Makes the engine's Python environments, each from its own hashed lock.
import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exclusively } from "./exclusive.mjs";
import { logTo } from "./log.mjs";
import { supplyOpenMp } from "./openmp.mjs";
import { indexSettings } from "./package-index.mjs";
import { environmentFolder, environmentsFolder, interpreterIn, lockOf } from "./places.mjs";
import { installProblem, PrepareError } from "./problem.mjs";
import { findPython } from "./python.mjs";
import { ProgramError, run } from "./run.mjs";
import { ensureUv } from "./uv.mjs";
import { followUv } from "./uv-output.mjs";

/**
 * @typedef {import("./progress.mjs").Progress} Progress
 * @typedef {{name: string, folder: string, python: string}} Environment
 */

/**
 * @param {string} name
 * @returns {Environment | undefined} the environment, if it is whole and made from today's lock
 */
export function readyEnvironment(name) {
  const folder = environmentFolder(name);
  const python = interpreterIn(folder);
  const made = readIfThere(path.join(folder, ".ready"))?.trim();
  if (made === undefined || made !== lockHash(name) || !existsSync(python)) return undefined;
  return { name, folder, python };
}

/**
 * The environment of that name, made first if need be. It is built aside and renamed when it is
 * whole, so that one which was interrupted is never used, and one in use is never half-changed.
 * @param {string} name an extra of the engine's pyproject.toml, such as `core`
 * @param {{onProgress?: (progress: Progress) => void, signal?: AbortSignal | undefined}} [options]
 * @returns {Promise<Environment>} rejects with `PrepareError`, or with the signal's reason
 */
export async function ensureEnvironment(name, { onProgress = () => undefined, signal } = {}) {
  const ready = readyEnvironment(name);
  if (ready) return ready;
  const subject = `environment ${name}`;
  /** @param {string} message @param {number} [fraction] */
  const tell = (message, fraction) => onProgress({ subject, message, fraction });
  const onWait = (/** @type {number} */ owner) =>
    tell(`waiting for the set-up that process ${owner} is doing`);
  return await exclusively(`environment-${name}`, { onWait, signal }, async () => {
    const made = readyEnvironment(name);
    if (made) return made;
    removeDrafts(name);
    const draft = `${environmentFolder(name)}.making-${randomUUID().slice(0, 8)}`;
    try {
      await build(name, draft, tell, signal);
      await replace(draft, environmentFolder(name));
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    tell("ready", 1);
    return {
      name,
      folder: environmentFolder(name),
      python: interpreterIn(environmentFolder(name)),
    };
  });
}

/**
 * @param {string} name
 * @param {string} draft
 * @param {(message: string, fraction?: number) => void} tell
 * @param {AbortSignal | undefined} signal
 */
async function build(name, draft, tell, signal) {
  const hash = lockHash(name);
  if (hash === undefined) {
    throw new PrepareError(
      "prepare.lock_missing",
      `There is no environment called ${name}: ${lockOf(name)} does not exist`,
      "use one of the names in compose-bundles/engine/locks.",
    );
  }
  const python = await findPython(signal);
  const uv = await ensureUv({ onMessage: tell, signal });
  const settings = await indexSettings(python);
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, ...settings.env, UV_PYTHON_DOWNLOADS: "never", NO_COLOR: "1" };
  // An active environment would be taken for the target, and bytecode is wanted at any rate.
  delete env.VIRTUAL_ENV;
  delete env.PYTHONDONTWRITEBYTECODE;
  const follow = followUv(tell);
  const onLine = (/** @type {string} */ line) => {
    logTo(name, line);
    follow(line);
  };
  mkdirSync(environmentsFolder, { recursive: true });
  tell(`making it with Python ${python.version}`, 0);
  try {
    const venv = [
      "venv",
      "--quiet",
      "--relocatable",
      "--no-project",
      "--python",
      python.executable,
    ];
    await run(uv, [...venv, draft], { env, signal, onLine });
    const sync = ["pip", "sync", "--require-hashes", "--compile-bytecode"];
    await run(uv, [...sync, "--python", interpreterIn(draft), lockOf(name)], {
      env,
      signal,
      onLine,
    });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw installProblem({
      what: `the Python packages of environment ${name}`,
      registry: `The Python package index (${settings.host})`,
      variable: "UV_DEFAULT_INDEX",
      output: error.output,
      log: logTo(name, `failed: ${error.exitCode}`),
    });
  }
  await supplyOpenMp(draft, signal);
  writeFileSync(path.join(draft, ".ready"), `${hash}\n`);
}

/** @param {string} name */
function removeDrafts(name) {
  if (!existsSync(environmentsFolder)) return;
  for (const entry of readdirSync(environmentsFolder)) {
    if (!entry.startsWith(`${name}.making-`)) continue;
    rmSync(path.join(environmentsFolder, entry), { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * On Windows a virus scanner may hold a file of a new folder for a moment.
 * @param {string} draft
 * @param {string} folder
 */
async function replace(draft, folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(draft, folder);
      return;
    } catch (error) {
      if (process.platform !== "win32" || attempt === 20) throw error;
      await sleep(250);
    }
  }
}

/** @param {string} name */
function lockHash(name) {
  const lock = readIfThere(lockOf(name));
  return lock === undefined ? undefined : createHash("sha256").update(lock).digest("hex");
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
