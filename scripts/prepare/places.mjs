// Where things are, told from this file's own place: a copy of the tree is a house of its own.
import path from "node:path";

export const house = path.resolve(import.meta.dirname, "../..");
export const engineFolder = path.join(house, "compose-bundles/engine");
export const cacheFolder = path.join(house, ".cache");
export const environmentsFolder = path.join(house, ".venv");

/** @param {string} name an environment, such as `core` */
export function lockOf(name) {
  return path.join(engineFolder, "locks", `${name}.txt`);
}

/** @param {string} name an environment, such as `core` */
export function environmentFolder(name) {
  return path.join(environmentsFolder, name);
}

/** The interpreter inside an environment's folder. @param {string} folder */
export function interpreterIn(folder) {
  return process.platform === "win32"
    ? path.join(folder, "Scripts", "python.exe")
    : path.join(folder, "bin", "python");
}
