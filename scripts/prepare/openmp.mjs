// LightGBM's wheel for Linux needs the system's libgomp.so.1, which a small Debian does not have.
// scikit-learn's wheel brings one along under a name of its own; a copy that is given back its
// usual name is loaded first by every Python of the environment, and the loader then knows it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { environmentsFolder, interpreterIn } from "./places.mjs";
import { PrepareError } from "./problem.mjs";
import { run } from "./run.mjs";

const usualName = "libgomp.so.1";

/**
 * @param {string} environment folder of an environment
 * @param {AbortSignal | undefined} signal
 */
export async function supplyOpenMp(environment, signal) {
  if (process.platform !== "linux") return;
  const packages = packagesOf(environment);
  if (!packages || !existsSync(path.join(packages, "lightgbm"))) return;
  if (await loads(environment, usualName, signal)) return;
  const bundled = findBundled(packages);
  if (!bundled) throw openMpMissing();
  const library = path.join(packages, usualName);
  writeFileSync(library, withUsualName(readFileSync(bundled), path.basename(bundled)));
  writeFileSync(
    path.join(packages, "breadthflow_openmp.pth"),
    `import os, sys, ctypes; ctypes.CDLL(os.path.join(sitedir, "${usualName}"), ctypes.RTLD_GLOBAL)\n`,
  );
  if (!(await loads(environment, usualName, signal))) throw openMpMissing();
}

/** @param {string} environment @returns {string | undefined} its site-packages */
function packagesOf(environment) {
  const lib = path.join(environment, "lib");
  if (!existsSync(lib)) return undefined;
  const python = readdirSync(lib).find((name) => name.startsWith("python"));
  return python && path.join(lib, python, "site-packages");
}

/**
 * The environment's own, or that of another one that is made already (core is made first).
 * @param {string} packages
 */
function findBundled(packages) {
  const others = readdirSync(environmentsFolder).map((name) =>
    packagesOf(path.join(environmentsFolder, name)),
  );
  for (const folder of [packages, ...others]) {
    const libraries = path.join(folder ?? "", "scikit_learn.libs");
    if (folder === undefined || !existsSync(libraries)) continue;
    const name = readdirSync(libraries).find((file) => file.startsWith("libgomp"));
    if (name) return path.join(libraries, name);
  }
  return undefined;
}

/**
 * The loader recognises a loaded library by the name inside it (DT_SONAME), which the wheel's
 * builder had made unique; the usual one is shorter, so it fits in its place.
 * @param {Buffer} library
 * @param {string} name
 */
function withUsualName(library, name) {
  const at = library.indexOf(`${name}\0`, 0, "latin1");
  if (at < 0) throw openMpMissing();
  library.fill(0, at, at + name.length);
  library.write(usualName, at, "latin1");
  return library;
}

/**
 * @param {string} environment
 * @param {string} library
 * @param {AbortSignal | undefined} signal
 */
async function loads(environment, library, signal) {
  try {
    await run(interpreterIn(environment), ["-c", `import ctypes; ctypes.CDLL("${library}")`], {
      signal,
    });
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

function openMpMissing() {
  return new PrepareError(
    "prepare.openmp_missing",
    "LightGBM needs the OpenMP library libgomp, which this machine does not have",
    "install it (Debian and Ubuntu: apt-get install libgomp1) and run the same command again.",
  );
}
