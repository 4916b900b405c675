/**
 * The owner process of a workspace: opens the workbench, serves its API on loopback, and ends by
 * itself once nobody is attached, nothing runs and nothing is deployed.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { problemOf, WorkbenchError } from "../../../contract/problem.ts";
import { writeFileAtomic } from "../../runtime/atomic-file.ts";
import { ownerRecordPath, readOwnerRecord, TAKEN, takeOwnership } from "../../runtime/ownership.ts";
import { describeHolder, portHolder } from "../../runtime/port-holder.ts";
import { VERSION } from "../../version.ts";
import { Workbench } from "../../workbench.ts";
import { type ApiServer, serveApi } from "./server.ts";

const RENDERER = join(import.meta.dirname, "../../../out/renderer");

/** Longer than the services' grace periods together. */
const CLOSING_MS = 20_000;

const Arguments = z.object({
  workspace: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  "idle-seconds": z.coerce.number().positive().default(600),
});

const given = Arguments.parse(
  parseArgs({
    options: {
      workspace: { type: "string" },
      port: { type: "string" },
      "idle-seconds": { type: "string" },
    },
  }).values,
);
const workspace = resolve(given.workspace);
mkdirSync(join(workspace, "run"), { recursive: true, mode: 0o700 });

const { left, release } = await takeOwnershipInTurn();

const workbench = open();
const { server, token } = await serve();
await writeFileAtomic(
  ownerRecordPath(workspace),
  JSON.stringify({ pid: process.pid, port: server.port, token, version: VERSION }),
  { mode: 0o600 },
);
workbench.log.info({ port: server.port }, "workspace opened");

/**
 * Two commands may start an owner at the same moment: the second one's command attaches to the
 * first. An owner that is just closing has no record any more, and is waited for.
 */
async function takeOwnershipInTurn(): Promise<NonNullable<ReturnType<typeof takeOwnership>>> {
  for (const deadline = Date.now() + CLOSING_MS; Date.now() < deadline; await sleep(50)) {
    const taken = takeOwnership(workspace);
    if (taken) return taken;
    if (readOwnerRecord(workspace)) break;
  }
  process.exit(TAKEN);
}

function open(): Workbench {
  try {
    return Workbench.open(workspace);
  } catch (error) {
    return fail(error);
  }
}

/** What keeps a workspace from opening stands in the last line of its log, where `attach` looks. */
function fail(error: unknown): never {
  process.stderr.write(`${JSON.stringify({ problem: problemOf(error) })}\n`);
  process.exit(1);
}

/**
 * Windows of an owner that was killed heal by themselves, since port and token stay as they were.
 * Where they cannot, the token is a new one: nobody knows who was shown the old one at that port.
 */
async function serve(): Promise<{ server: ApiServer; token: string }> {
  const serveWith = async (token: string, port: number) => ({
    server: await serveApi(workbench, { token, renderer: RENDERER, port }),
    token,
  });
  const fresh = randomBytes(32).toString("base64url");
  if (left && (given.port ?? left.port) === left.port) {
    const healed = await serveWith(left.token, left.port).catch(() => null);
    if (healed) return healed;
  }
  try {
    return await serveWith(fresh, given.port ?? 0);
  } catch (error) {
    await workbench.close();
    return fail(given.port ? await portProblem(given.port, error as Error) : error);
  }
}

async function portProblem(port: number, error: NodeJS.ErrnoException): Promise<WorkbenchError> {
  const taken = error.code === "EADDRINUSE";
  const why = taken ? `${describeHolder(await portHolder(port))} listens on it` : error.message;
  return new WorkbenchError({
    code: "workspace.port",
    detail: `Port ${port} cannot be used: ${why}.`,
    hint: "Choose another with --port, or leave it out to take any that is free.",
    where: { port },
  });
}

let ending = false;
async function end(why: string): Promise<void> {
  if (ending) return;
  ending = true;
  workbench.log.info({ why }, "workspace closing");
  rmSync(ownerRecordPath(workspace), { force: true });
  await server.close();
  await workbench.close();
  release();
  process.exit(0);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => void end(signal));
}
workbench.onShutdownRequested(() => void end("asked to"));

let idleSince = Date.now();
setInterval(() => {
  if (server.clients() > 0 || workbench.isBusy()) idleSince = Date.now();
  else if (Date.now() - idleSince > given["idle-seconds"] * 1000) void end("idle");
}, 1000).unref();
