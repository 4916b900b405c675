// What the installers say, kept for the day on which somebody asks.
import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "./places.mjs";

/**
 * @param {string} subject
 * @param {string} line
 * @returns {string} path of the log
 */
export function logTo(subject, line) {
  const file = path.join(cacheFolder, "prepare.log");
  try {
    mkdirSync(cacheFolder, { recursive: true });
    appendFileSync(file, `${new Date().toISOString()} ${subject}: ${line}\n`);
  } catch {
    // On a full or read-only disk the installer itself says what is wrong, and that is shown.
  }
  return file;
}
