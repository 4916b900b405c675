import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../../main/stack/docker/connection.ts";

const CACHE = join(import.meta.dirname, "../../../.cache/stack-daemon");
const LOG = join(CACHE, "dockerd.log");
const DEADLINE_MS = 40_000;

/** A shell and small tools in 2 MB: enough for containers that start, fail, listen and end. */
export const TEST_IMAGE = "breadthflow-test/shell:1";

/** Starts a daemon where none answers; the returned function ends it again. */
export default async function setup(): Promise<() => Promise<void>> {
  let end = () => Promise.resolve();
  if (!(await answers())) {
    try {
      install();
      await startDaemon();
    } catch (error) {
      if (process.env.CI) throw error;
      console.log(`Tests that need a Docker daemon are left out: ${(error as Error).message}`);
      process.env.STACK_TEST_DAEMON = "none";
      return end;
    }
    // Tests of a dying daemon may only kill one that is theirs.
    process.env.STACK_TEST_DAEMON = "own";
    end = endDaemon;
  }
  try {
    makeTestImage();
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

/** After a kill -9, a daemon may need a second try: its containerd first clears up. */
export async function startDaemon(): Promise<number> {
  mkdirSync(CACHE, { recursive: true });
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const pid = await tryToStart();
    if (pid) return pid;
  }
  throw new Error(`The stack's tests need dockerd, which cannot start; see ${LOG}`);
}

async function tryToStart(): Promise<number | undefined> {
  const log = openSync(LOG, "a");
  const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  daemon.unref();
  let over = false;
  const end = () => {
    over = true;
  };
  daemon.once("error", end);
  daemon.once("exit", end);
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline && !over) {
    if (await answers()) return daemon.pid;
    await sleep(100);
  }
  daemon.kill("SIGKILL");
  return undefined;
}

function answers(): Promise<boolean> {
  return connect([{ address: "unix:///var/run/docker.sock", from: "test" }]).then(
    () => true,
    () => false,
  );
}

/** By its pid file: a test may have put another in the place of the first. */
async function endDaemon(): Promise<void> {
  try {
    const pid = Number(readFileSync("/var/run/docker.pid", "utf8"));
    process.kill(pid, "SIGTERM");
    for (let waited = 0; waited < 20_000; waited += 100) {
      process.kill(pid, 0);
      await sleep(100);
    }
  } catch {
    // It has ended.
  }
}

function install(): void {
  if (existsSync("/usr/sbin/dockerd") || process.getuid?.() !== 0) return;
  apt(["update"]);
  apt(["install", "--yes", "--no-install-recommends", "docker.io", "iptables"]);
}

function makeTestImage(): void {
  const present = execFileSync("docker", ["images", "--quiet", TEST_IMAGE], { encoding: "utf8" });
  if (present.trim() !== "") return;
  const folder = join(CACHE, "shell");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() === 0) apt(["update"]);
  apt(["download", "busybox-static"], folder);
  const archive = readdirSync(folder).find((name) => name.endsWith(".deb")) as string;
  run("dpkg", ["-x", archive, "package"], folder);
  const root = join(folder, "root");
  for (const name of ["bin", "tmp", "etc", "dev", "proc", "sys", "run"]) {
    mkdirSync(join(root, name), { recursive: true });
  }
  const program = ["usr/bin", "bin"]
    .map((place) => join(folder, "package", place, "busybox"))
    .find((path) => existsSync(path)) as string;
  cpSync(program, join(root, "bin/busybox"));
  const applets = execFileSync(program, ["--list"], { encoding: "utf8" }).trim().split("\n");
  for (const name of applets.filter((one) => one !== "busybox")) {
    run("ln", ["-sf", "/bin/busybox", join(root, "bin", name)], folder);
  }
  run("tar", ["-C", root, "-cf", "root.tar", "."], folder);
  run("docker", ["import", "root.tar", TEST_IMAGE], folder);
  rmSync(folder, { recursive: true });
}

function apt(args: string[], cwd?: string): void {
  run("apt-get", ["-o", "APT::Sandbox::User=root", "-q", ...args], cwd);
}

function run(program: string, args: string[], cwd?: string): void {
  execFileSync(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    ...(cwd ? { cwd } : {}),
  });
}
