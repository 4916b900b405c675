import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

export interface PortHolder {
  readonly pid: number;
  readonly program: string;
}

/** Who listens on a TCP port of this machine, if the system tells: others' processes may be hidden. */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  try {
    if (process.platform === "linux") return await onLinux(port);
    if (process.platform === "win32") return await onWindows(port);
    return await onMac(port);
  } catch {
    return undefined;
  }
}

export function describeHolder(holder: PortHolder | undefined): string {
  return holder ? `${holder.program} (pid ${holder.pid})` : "another program";
}

async function onLinux(port: number): Promise<PortHolder | undefined> {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const sockets = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = await readFile(table, "utf8").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const listening = fields[3] === "0A";
      if (listening && fields[1]?.endsWith(`:${wanted}`)) sockets.add(`socket:[${fields[9]}]`);
    }
  }
  if (sockets.size === 0) return undefined;
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      if (!sockets.has(target)) continue;
      const program = (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
      return { pid: Number(pid), program };
    }
  }
  return undefined;
}

async function onMac(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await execute("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"]);
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const program = /^c(.+)$/m.exec(stdout)?.[1];
  return pid && program ? { pid: Number(pid), program } : undefined;
}

async function onWindows(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await execute("netstat", ["-ano", "-p", "tcp"]);
  for (const line of stdout.split(/\r?\n/)) {
    const [, local, remote, , pid] = line.trim().split(/\s+/);
    // The state's name is translated; a listener is known by its empty remote end.
    if (!local?.endsWith(`:${port}`) || !remote?.endsWith(":0") || !pid) continue;
    const tasks = await execute("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
    return { pid: Number(pid), program: /^"([^"]+)"/.exec(tasks.stdout.trim())?.[1] ?? "program" };
  }
  return undefined;
}
