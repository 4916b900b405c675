// Finds a Chromium-family browser: people's windows open in it, and the screens' tests run in it.
import { existsSync } from "node:fs";
import path from "node:path";
import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { logTo } from "./log.mjs";
import { PrepareError } from "./problem.mjs";
import { ProgramError } from "./run.mjs";

/**
 * The browser's program; the variable `BREADTHFLOW_CHROMIUM` names another one than is found.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function browserProgram(env = process.env) {
  const candidates = env.BREADTHFLOW_CHROMIUM ? [env.BREADTHFLOW_CHROMIUM] : usualPlaces(env);
  return candidates.find((program) => existsSync(program));
}

/** How tests, pictures and measurements start it: as root too, and with a small /dev/shm. */
export function browserLaunch() {
  const executablePath = browserProgram();
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  return executablePath === undefined ? { args } : { executablePath, args };
}

/** @param {NodeJS.ProcessEnv} env @returns {string[]} */
function usualPlaces(env) {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === "win32") {
    const roots = [env.ProgramFiles, env["ProgramFiles(x86)"], env.LOCALAPPDATA];
    const programs = [
      "Google\\Chrome\\Application\\chrome.exe",
      "Microsoft\\Edge\\Application\\msedge.exe",
      "Chromium\\Application\\chrome.exe",
    ];
    return roots.flatMap((root) =>
      root ? programs.map((program) => path.join(root, program)) : [],
    );
  }
  const names = [
    ...["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    ...["microsoft-edge", "brave-browser"],
  ];
  const folders = (env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/**
 * The browser for the tests: root on Debian gets its package, everybody else one sentence.
 * @param {{onProgress?: (progress: import("./progress.mjs").Progress) => void,
 *   signal?: AbortSignal | undefined}} [options]
 */
export async function ensureBrowser({ onProgress = () => undefined, signal } = {}) {
  if (browserProgram()) return;
  if (process.env.BREADTHFLOW_CHROMIUM || !canInstallDebianPackages()) throw browserMissing();
  const subject = "browser";
  onProgress({ subject, message: "installing Debian's chromium", fraction: 0 });
  const onLine = (/** @type {string} */ line) => logTo("browser", line);
  try {
    await installDebianPackages(["chromium", "fonts-dejavu-core"], { signal, onLine });
  } catch (error) {
    if (error instanceof ProgramError) throw browserMissing();
    throw error;
  }
  onProgress({ subject, message: "ready", fraction: 1 });
}

function browserMissing() {
  return new PrepareError(
    "prepare.browser_missing",
    "The screens are tested in Chromium or Chrome, and there is none on this machine",
    "install one (on Debian: `apt install chromium`), or name its program in BREADTHFLOW_CHROMIUM, and run the same command again.",
  );
}
