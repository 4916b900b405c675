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
import { problemOf } from "../../../contract/problem.ts";
import { writeFileAtomic } from "../../runtime/atomic-file.ts";
import { ownerRecordPath, readOwnerRecord, takeOwnership } from "../../runtime/ownership.ts";
import { VERSION } from "../../version.ts";
import { Workbench } from "../../workbench.ts";
import { serveApi } from "./server.ts";

const RENDERER = join(import.meta.dirname, "../../../out/renderer");

/** Longer than the services' grace periods together. */
const CLOSING_MS = 20_000;

const Arguments = z.object({
  workspace: z.string().min(1),
  "idle-seconds": z.coerce.number().positive().default(600),
});

const given = Arguments.parse(
  parseArgs({ options: { workspace: { type: "string" }, "idle-seconds": { type: "string" } } })
    .values,
);
const workspace = resolve(given.workspace);
mkdirSync(join(workspace, "run"), { recursive: true, mode: 0o700 });

const release = await takeOwnershipInTurn();

const workbench = open();
const token = randomBytes(32).toString("base64url");
const server = await serveApi(workbench, { token, renderer: RENDERER });
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
async function takeOwnershipInTurn(): Promise<() => void> {
  for (const deadline = Date.now() + CLOSING_MS; Date.now() < deadline; await sleep(50)) {
    const taken = takeOwnership(workspace);
    if (taken) return taken;
    if (readOwnerRecord(workspace)) break;
  }
  process.exit(0);
}

/** A workspace that cannot be opened says why in the last line of its log, where `attach` looks. */
function open(): Workbench {
  try {
    return Workbench.open(workspace);
  } catch (error) {
    process.stderr.write(`${JSON.stringify({ problem: problemOf(error) })}\n`);
    process.exit(1);
  }
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
