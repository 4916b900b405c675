// Builds the screens and Electron's bundles into out/, when what they are made of has changed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exclusively } from "./exclusive.mjs";
import { logTo } from "./log.mjs";
import { projectNode } from "./node-link.mjs";
import { house } from "./places.mjs";
import { PrepareError } from "./problem.mjs";
import { ProgramError, run } from "./run.mjs";

const page = path.join(house, "out/renderer/index.html");
// Removed before a build and written after it, so that an interrupted one is done again.
const stampFile = path.join(house, "out/.built-from");
/** What the bundles hold: of main, what the layer rules let Electron's shell import. */
const sources = [
  ...["contract", "preload", "renderer", "main/shells", "main/runtime"],
  ...["main/product-folder.ts", "main/version.ts"],
  ...["electron.vite.config.ts", "postcss.config.cjs", "package.json", "package-lock.json"],
];

/** Whether the built screens are there and come from today's sources. */
export function screensAreReady() {
  if (!existsSync(page)) return false;
  // A packaged product has the screens without what they were made of.
  if (!existsSync(path.join(house, "renderer"))) return true;
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === sourceHash();
}

/**
 * @param {{onProgress?: (progress: import("./progress.mjs").Progress) => void,
 *   signal?: AbortSignal | undefined}} [options]
 */
export async function ensureScreens({ onProgress = () => undefined, signal } = {}) {
  if (screensAreReady()) return;
  const subject = "screens";
  const onWait = (/** @type {number} */ owner) =>
    onProgress({ subject, message: `waiting for the build that process ${owner} is doing` });
  await exclusively("screens", { onWait, signal }, async () => {
    if (screensAreReady()) return;
    onProgress({ subject, message: "building them, which takes some seconds", fraction: 0 });
    const hash = sourceHash();
    rmSync(stampFile, { force: true });
    await build(signal);
    writeFileSync(stampFile, hash);
    onProgress({ subject, message: "built", fraction: 1 });
  });
}

/** @param {AbortSignal | undefined} signal */
async function build(signal) {
  const program = path.join(house, "node_modules/electron-vite/bin/electron-vite.js");
  const onLine = (/** @type {string} */ line) => logTo("screens", line);
  try {
    await run(projectNode(), [program, "build", "--logLevel", "warn"], {
      cwd: house,
      signal,
      onLine,
    });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const log = logTo("screens", `failed: ${error.exitCode}`);
    throw new PrepareError(
      "prepare.screens_failed",
      "The screens could not be built",
      `${log} has everything that the build said.`,
    );
  }
}

function sourceHash() {
  const hash = createHash("sha256");
  for (const file of sources.flatMap((source) => filesIn(path.join(house, source)))) {
    // The name counts too, and ends where no name can go on.
    hash.update(`${path.relative(house, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** @param {string} place a file or a folder @returns {string[]} in an order of its own */
function filesIn(place) {
  const entries = readIfFolder(place);
  if (entries === undefined) return existsSync(place) ? [place] : [];
  return entries.sort().flatMap((entry) => filesIn(path.join(place, entry)));
}

/** @param {string} place */
function readIfFolder(place) {
  try {
    return readdirSync(place);
  } catch {
    return undefined;
  }
}
