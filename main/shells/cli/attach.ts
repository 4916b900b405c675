import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { z } from "zod";
import { Problem, WorkbenchError } from "../../../contract/problem.ts";
import type { Api } from "../../api/index.ts";
import { NODE_ARGS } from "../../node-program.ts";
import { PRODUCT_FOLDER } from "../../product-folder.ts";
import { isOwned, type OwnerRecord, readOwnerRecord, TAKEN } from "../../runtime/ownership.ts";
import { VERSION } from "../../version.ts";

const START_DEADLINE_MS = 30_000;
const OWNER_CHECK_MS = 250;

/** Code of the problem that a workspace was closed, in order, before it could be attached to. */
export const CLOSED_MEANWHILE = "workspace.closed_meanwhile";

export type Client = ReturnType<typeof createTRPCClient<Api>>;
export type Attached = {
  client: Client;
  owner: OwnerRecord;
  /** Whether this process started the owner, or found it running. */
  started: boolean;
  /** Rejects when the owner process has ended; a connection that only broke is made anew. */
  lost: Promise<never>;
  close: () => Promise<void>;
};

/** How an owner is started where none runs. */
export type StartOptions = {
  /** The port to serve on, instead of any that is free. */
  port?: number | undefined;
  /** The Node to run it on, where this program is not one itself. */
  node?: string | undefined;
  /** What its environment has besides this program's own. */
  env?: Record<string, string> | undefined;
};

/**
 * Attaches to the owner process of a workspace and starts one in the background where none runs.
 * A command never opens the index itself, so two commands can never contradict each other.
 */
export async function attach(workspace: string, options: StartOptions = {}): Promise<Attached> {
  return (await attachIfOwned(workspace)) ?? startAndAttach(workspace, options);
}

/** Attaches only where an owner runs already; null where the workspace is at rest. */
export async function attachIfOwned(workspace: string): Promise<Attached | null> {
  const record = readOwnerRecord(workspace);
  if (!record) return null;
  const attached = await connect(record);
  if (attached && record.version !== VERSION) {
    await attached.close();
    throw new WorkbenchError({
      code: "workspace.other_version",
      detail: `${workspace} is open in version ${record.version}; this is version ${VERSION}.`,
      hint: "End the other one with its own `stop` command, then try again.",
      where: { workspace },
    });
  }
  return attached;
}

/**
 * Attaches where an owner runs or was killed, whose services may run on: the owner that is started
 * then finds them. Null where the last one ended in order.
 */
export async function attachIfLeft(workspace: string): Promise<Attached | null> {
  return readOwnerRecord(workspace) ? await attach(workspace) : null;
}

async function startAndAttach(
  workspace: string,
  { port, node = process.execPath, env }: StartOptions,
): Promise<Attached> {
  const logs = join(workspace, "logs");
  mkdirSync(logs, { recursive: true });
  const log = join(logs, "owner.log");
  const file = openSync(log, "a", 0o600);
  const args = ["--workspace", workspace, ...(port === undefined ? [] : ["--port", String(port)])];
  const program = join(PRODUCT_FOLDER, "main/shells/web/main.ts");
  const owner = spawn(node, [...NODE_ARGS, program, ...args], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", file, file],
    windowsHide: true,
  });
  let exitCode: number | null = null;
  owner.on("exit", (code) => {
    exitCode = code ?? 1;
  });
  owner.unref();

  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    const record = readOwnerRecord(workspace);
    const attached = record && (await connect(record));
    if (attached) return { ...attached, started: attached.owner.pid === owner.pid };
    if (exitCode === 0) throw closedMeanwhile(workspace);
    // Another command's owner may be faster: its record is about to appear, unless it is over.
    if (exitCode === TAKEN && !record && !isOwned(workspace)) throw closedMeanwhile(workspace);
    if (exitCode !== null && exitCode !== TAKEN) break;
    await sleep(25);
  }
  if (exitCode !== null && exitCode !== TAKEN) throw lastProblemIn(log) ?? silent(workspace, log);
  throw new WorkbenchError({
    code: "workspace.no_owner",
    detail: `The background process for ${workspace} does not answer.`,
    hint: `What it is doing stands at the end of ${log}.`,
    where: { workspace, log },
  });
}

/** Why the owner process could not open the workspace, as it wrote it into its log. */
function lastProblemIn(log: string): WorkbenchError | null {
  const last = readFileSync(log, "utf8").trimEnd().split("\n").at(-1) ?? "";
  try {
    return new WorkbenchError(z.object({ problem: Problem }).parse(JSON.parse(last)).problem);
  } catch {
    // It ended in a way that nobody foresaw: the log itself has to be shown.
    return null;
  }
}

function closedMeanwhile(workspace: string): WorkbenchError {
  return new WorkbenchError({
    code: CLOSED_MEANWHILE,
    detail: `${workspace} was closed while it was being opened.`,
    hint: "Somebody gave `stop` at the same moment: give the command again if it is still wanted.",
    where: { workspace },
  });
}

function silent(workspace: string, log: string): WorkbenchError {
  return new WorkbenchError({
    code: "workspace.owner_failed",
    detail: `The background process for ${workspace} could not start.`,
    hint: `The reason stands at the end of ${log}.`,
    where: { workspace, log },
  });
}

/** A record may be left from a process that was killed: only an answer counts. */
async function connect(record: OwnerRecord): Promise<Attached | null> {
  // Its port may be another user's by now, who must not be shown the token.
  if (!isRunning(record.pid)) return null;
  const { promise: lost, reject: lose } = Promise.withResolvers<never>();
  // Whoever works with the client races it; who does not need not hear of it.
  lost.catch(() => undefined);
  let answered = false;
  let watch: NodeJS.Timeout | undefined;
  const socket = createWSClient({
    url: `ws://127.0.0.1:${record.port}/api`,
    connectionParams: { token: record.token },
    retryDelayMs: (attempt) => Math.min(100 * 2 ** attempt, 2000),
    onOpen: () => clearInterval(watch),
    onClose: () => {
      clearInterval(watch);
      const check = () => {
        // Before the first answer, the pid may be anybody's by now.
        if (answered && isRunning(record.pid)) return;
        clearInterval(watch);
        lose(ownerLost());
      };
      watch = setInterval(check, OWNER_CHECK_MS).unref();
      check();
    },
  });
  const close = async () => {
    await socket.close();
    clearInterval(watch);
  };
  const client = createTRPCClient<Api>({ links: [wsLink<Api>({ client: socket })] });
  try {
    const { pid } = await Promise.race([client.system.ping.query(), lost]);
    answered = pid === record.pid;
    if (answered) return { client, owner: record, started: false, lost, close };
  } catch {
    // Nobody answers, or somebody else does: the record is an old one.
  }
  await close();
  return null;
}

/** Ends the owner and all that it started; resolves when the owner is gone. */
export async function shutDown(owner: Attached): Promise<string[]> {
  const { stopped } = await Promise.race([owner.client.system.shutdown.mutate(), owner.lost]);
  await owner.lost.catch(() => undefined);
  return stopped;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function ownerLost(): WorkbenchError {
  return new WorkbenchError({
    code: "workspace.owner_lost",
    detail: "The workspace's background process has ended.",
    hint: "Give the same command again: what was finished is kept.",
  });
}
