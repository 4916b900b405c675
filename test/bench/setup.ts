/**
 * The first set-up, as a newcomer meets it: a clone of what is committed, a home with nothing in it,
 * no cache of npm, pip or uv. It fetches from the registries that this machine is set to.
 *
 * Prints one JSON document: seconds. Exits with 1 if a number misses its target.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { house } from "../../scripts/prepare/places.mjs";
import { conclude } from "./support/python-program.ts";

const TARGETS = { first_seconds: 240, again_seconds: 0.5 };
const ENVIRONMENTS = "core,tracking,serving";
/** Where a person keeps which registry to use; without it, the empty home would change that too. */
const SETTINGS = [".npmrc", ".config/pip/pip.conf", ".pip/pip.conf", ".config/uv/uv.toml"];
/** Of the set-up that this program was started by: they lead back to what is here already. */
const OURS = /^(npm_|NODE_|XDG_|UV_CACHE_DIR|PIP_CACHE_DIR|VIRTUAL_ENV|BREADTHFLOW_)/i;
/** Set by hand, they say which registry to use. */
const KEPT = /^(npm_config_registry|NODE_EXTRA_CA_CERTS|BREADTHFLOW_PYTHON)$/i;

const root = mkdtempSync(join(tmpdir(), "breadthflow-bench-"));
const [clone, home, temporary] = ["clone", "home", "tmp"].map((name) => join(root, name)) as [
  string,
  string,
  string,
];

/** The wall time of a program that must succeed, in seconds. */
function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const began = performance.now();
  const done = spawnSync(command, args, {
    cwd: clone,
    env,
    stdio: ["ignore", process.stderr, process.stderr],
  });
  if (done.status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${done.error ?? done.status}`);
  }
  return (performance.now() - began) / 1000;
}

function newcomer(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OURS.test(name) || KEPT.test(name));
  const path = (process.env.PATH ?? "")
    .split(process.platform === "win32" ? ";" : ":")
    // npm's scripts find the house's own programs here.
    .filter((folder) => !folder.includes("node_modules"))
    .join(process.platform === "win32" ? ";" : ":");
  const nowhere = { HOME: home, USERPROFILE: home, TMPDIR: temporary };
  return { ...Object.fromEntries(kept), ...nowhere, PATH: path };
}

try {
  for (const folder of [home, temporary, clone]) mkdirSync(folder);
  for (const name of SETTINGS) {
    const from = join(homedir(), name);
    if (!existsSync(from)) continue;
    mkdirSync(join(home, name, ".."), { recursive: true });
    copyFileSync(from, join(home, name));
  }
  const env = newcomer();
  // No links to the objects here: a clone of one's own is what a newcomer has.
  const clone_seconds = timed("git", ["clone", "--quiet", "--no-hardlinks", house, clone], env);
  const prepare = ["scripts/prepare.mjs", "--env", ENVIRONMENTS];
  const first_seconds = timed("node", prepare, env);
  const again_seconds = Math.min(...[1, 2, 3].map(() => timed("node", prepare, env)));
  const result = { clone_seconds, first_seconds, again_seconds };
  conclude(
    "setup",
    result,
    TARGETS,
    first_seconds < TARGETS.first_seconds && again_seconds < TARGETS.again_seconds,
  );
} finally {
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
