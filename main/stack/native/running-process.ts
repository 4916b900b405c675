import { closeSync } from "node:fs";
import { WorkbenchError } from "../../../contract/problem.ts";
import type { ServiceLog } from "../../runtime/log-files.ts";
import { identify, isAlive, type ProcessIdentity, spawnGroup } from "../../runtime/processes.ts";
import type { ServiceCommand } from "../service.ts";

const ADOPTED_POLL_MS = 250;

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A process that runs, whoever started it; `exited` settles when it is gone. */
export interface Running {
  readonly identity: ProcessIdentity;
  readonly exited: Promise<Exit>;
}

/** Starts a service's process, its output going to its log. */
export async function spawnService(
  name: string,
  command: ServiceCommand,
  log: ServiceLog,
): Promise<Running> {
  const output = log.openForChild();
  try {
    const child = spawnGroup(command.executable, command.args, {
      cwd: command.cwd,
      env: withoutUndefined({ ...process.env, ...command.env }),
      stdio: ["ignore", output, output],
    });
    const exited = new Promise<Exit>((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once("spawn", () => resolve(child.pid as number));
      child.once("error", reject);
    });
    // It must not keep this process alive: who owns the services decides when to end.
    child.unref();
    const identity = (await identify(pid)) ?? { pid, started: "ended at once" };
    return { identity, exited };
  } catch (error) {
    throw new WorkbenchError(
      {
        code: "service.cannot_start",
        detail: `${name} could not be started: ${(error as Error).message}`,
        hint: `Check that ${command.executable} exists and may be run.`,
        where: { service: name, executable: command.executable },
      },
      { cause: error },
    );
  } finally {
    closeSync(output);
  }
}

/** A process that a crashed workbench had started. */
export function adoptedProcess(identity: ProcessIdentity): Running {
  return { identity, exited: gone(identity) };
}

/** How an adopted process ended is not known: it is another program's child. */
async function gone(identity: ProcessIdentity): Promise<Exit> {
  while (await isAlive(identity)) {
    await new Promise((resolve) => setTimeout(resolve, ADOPTED_POLL_MS).unref());
  }
  return { code: null, signal: null };
}

function withoutUndefined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
