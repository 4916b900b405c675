import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);
const windows = process.platform === "win32";

/**
 * A process as it can be recognised later: a pid alone is not enough, since the system gives it
 * to another program some day. `started` is an opaque text that no two holders of a pid share.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** Spawns a program as the leader of its own process group, so that it can be ended as a tree. */
export function spawnGroup(
  executable: string,
  args: readonly string[],
  options: Omit<SpawnOptions, "detached" | "shell" | "windowsHide">,
): ChildProcess {
  return spawn(executable, [...args], {
    ...options,
    // On Windows `detached` opens a console window of its own; there taskkill follows parents.
    detached: !windows,
    shell: false,
    windowsHide: true,
  });
}

/** The identity of a running process, or undefined if there is none. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const started = await startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await startOf(identity.pid)) === identity.started;
}

/**
 * Ends a process and everything it started: asks, waits `graceMs`, then insists. Does nothing
 * if the pid belongs to another program by now.
 */
export async function endTree(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!(await treeIsAlive(identity))) return;
  const asked = await signalTree(identity.pid, "ask");
  const deadline = performance.now() + (asked ? graceMs : 0);
  while (performance.now() < deadline) {
    if (!(await treeIsAlive(identity))) return;
    await pause(25);
  }
  await signalTree(identity.pid, "insist");
  for (let waited = 0; waited < 5000 && (await treeIsAlive(identity)); waited += 25)
    await pause(25);
}

/** The leader or, when it died before its children, any member of its group. */
async function treeIsAlive(identity: ProcessIdentity): Promise<boolean> {
  const started = await startOf(identity.pid);
  if (started !== undefined) return started === identity.started;
  if (process.platform !== "linux") return false;
  // A group keeps its number from being given away, but only until the next boot.
  if (!identity.started.startsWith(await bootId())) return false;
  return groupHasLivingMember(identity.pid);
}

/** @returns whether it was delivered; Windows cannot ask programs that have no window. */
async function signalTree(pid: number, how: "ask" | "insist"): Promise<boolean> {
  try {
    if (windows) {
      const force = how === "insist" ? ["/F"] : [];
      await execute("taskkill", ["/PID", String(pid), "/T", ...force]);
    } else process.kill(-pid, how === "ask" ? "SIGTERM" : "SIGKILL");
    return true;
  } catch {
    // It has ended in between, or does not hear the question.
    return false;
  }
}

async function startOf(pid: number): Promise<string | undefined> {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    if (process.platform === "linux") {
      const stat = await linuxStat(pid);
      return stat && `${await bootId()}:${stat.startTicks}`;
    }
    if (windows) {
      const query = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
      const { stdout } = await execute("powershell", ["-NoProfile", "-Command", query]);
      return stdout.trim() || undefined;
    }
    const { stdout } = await execute("ps", ["-o", "lstart=", "-o", "stat=", "-p", String(pid)], {
      env: { ...process.env, LC_ALL: "C" },
    });
    const match = /^(.*\S)\s+(\S+)$/.exec(stdout.trim());
    return match?.[2]?.startsWith("Z") ? undefined : match?.[1];
  } catch {
    return undefined;
  }
}

/** Fields of /proc/PID/stat; a zombie counts as gone. */
async function linuxStat(pid: number): Promise<{ startTicks: string; group: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // The program's name stands in brackets and may itself hold brackets and spaces.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, group, startTicks] = [fields[0], fields[2], fields[19]];
  if (state === "Z" || state === "X" || startTicks === undefined) return undefined;
  return { startTicks, group: Number(group) };
}

async function groupHasLivingMember(group: number): Promise<boolean> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    if ((await linuxStat(Number(entry)))?.group === group) return true;
  }
  return false;
}

let knownBootId: string | undefined;

async function bootId(): Promise<string> {
  knownBootId ??= (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  return knownBootId;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
