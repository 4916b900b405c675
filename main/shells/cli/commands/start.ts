import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { WorkbenchError } from "../../../../contract/problem.ts";
import { PRODUCT_FOLDER } from "../../../product-folder.ts";
import { type OwnerRecord, readOwnerRecord } from "../../../runtime/ownership.ts";
import { type Attached, attach, CLOSED_MEANWHILE, shutDown } from "../attach.ts";
import { type GlobalOptions, print, workspaceOf } from "../session.ts";
import { typed } from "../typed.ts";
import { electronProgram, hasDisplay, windowBrowser, windowsFor } from "../windows.ts";

/** An owner that ends sooner than this is not started again; a window has never been seen. */
const CRASH_LOOP_MS = 3000;
/** Electron's exit code where the workspace cannot be opened; see `fail` in its `main.ts`. */
const REFUSED = 1;

type StartOptions = GlobalOptions & { web?: boolean; port?: number; open: boolean };

export function addStart(program: Command): void {
  program
    .command("start")
    .description("open the workbench in a window, or serve it and print its address")
    .option("--web", "in a browser, also where Electron could show it")
    .option("--port <number>", "serve on this port of 127.0.0.1", portFrom)
    .option("--no-open", "open no window: serve, print the address, and stay until Ctrl-C")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<StartOptions>();
      const workspace = workspaceOf(options);
      const { electron, browser } = windowsFor(options, {
        hasDisplay: hasDisplay(),
        electron: electronProgram(),
        browser: windowBrowser(),
      });
      if (electron && (await wasInElectron(electron, workspace))) return;
      await serve(workspace, options, browser);
    });
}

/**
 * Shows the workspace in Electron's window until that is closed; its exit code becomes ours.
 *
 * @returns false where Electron cannot run here: a library is missing, or its sandbox is refused
 */
async function wasInElectron(electron: string, workspace: string): Promise<boolean> {
  const began = Date.now();
  const args = [PRODUCT_FOLDER, `--workspace=${workspace}`];
  const program = spawn(electron, args, { stdio: "inherit" });
  const [code, signal] = await once(program, "exit").catch((error: Error) => [error.message]);
  if (code === 0) return true;
  // The window has told in a dialog what is wrong with the workspace.
  if (code === REFUSED) {
    process.exitCode = REFUSED;
    return true;
  }
  if (Date.now() - began < CRASH_LOOP_MS) {
    say(`Electron cannot run here (${signal ?? code}); a browser takes its place.`);
    return false;
  }
  say(`The window ended unexpectedly (${signal ?? code}).`);
  process.exitCode = 1;
  return true;
}

/** Stays until Ctrl-C, until its window is closed, or until the workspace is closed elsewhere. */
async function serve(
  workspace: string,
  options: StartOptions,
  browser: string | null,
): Promise<void> {
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve("interrupted"));
    }
  });
  let attached = await attach(workspace, { port: options.port });
  const { started } = attached;
  requirePort(attached.owner, options.port, workspace);
  const url = addressOf(attached.owner);
  print(options, { url }, () => url);
  const window = browser ? await openBrowser(browser, attached.owner, workspace) : null;
  const closed = window ? once(window, "exit") : new Promise<never>(() => undefined);

  for (;;) {
    const began = Date.now();
    const ended = attached.lost.catch(() => "ended" as const);
    const why = await Promise.race([interrupted, closed, ended]);
    if (why !== "ended") break;
    // One that ends in order takes its record with it.
    const crashed = readOwnerRecord(workspace) !== null;
    if (!crashed) return say(`${workspace} was closed.`);
    if (Date.now() - began < CRASH_LOOP_MS) await attached.lost;
    say("The workspace's background process ended unexpectedly; starting it again.");
    const again = await attachAgain(workspace, attached.owner.port);
    if (!again) return say(`${workspace} was closed.`);
    attached = again;
  }
  await leave(attached, started);
}

/** Null where somebody closes the workspace at that very moment. */
async function attachAgain(workspace: string, port: number): Promise<Attached | null> {
  try {
    return await attach(workspace, { port });
  } catch (error) {
    if (error instanceof WorkbenchError && error.problem.code === CLOSED_MEANWHILE) return null;
    throw error;
  }
}

/** What is busy goes on without us; an owner that we started and that has nothing to do ends. */
async function leave(attached: Attached, started: boolean): Promise<void> {
  const { busy, workspace } = await attached.client.system.status.query();
  if (busy) say(`What runs in ${workspace} goes on; \`${typed("stop")}\` ends it.`);
  else if (started) await shutDown(attached);
}

function requirePort(owner: OwnerRecord, port: number | undefined, workspace: string): void {
  if (port === undefined || owner.port === port) return;
  throw new WorkbenchError({
    code: "workspace.other_port",
    detail: `${workspace} is open already, on port ${owner.port}.`,
    hint: `Leave --port ${port} out to use that one, or end it first: \`${typed("stop")}\`.`,
    where: { workspace, port: owner.port },
  });
}

/** The token is in the fragment, which a browser sends to nobody. */
const addressOf = ({ port, token }: OwnerRecord) => `http://127.0.0.1:${port}/#token=${token}`;

/** A window without tabs, with a profile of its own: no extension of the person's reads along. */
async function openBrowser(
  browser: string,
  owner: OwnerRecord,
  workspace: string,
): Promise<ChildProcess> {
  // Arguments are seen by every user of the machine: a ticket in them is soon worth nothing.
  const asked = { method: "POST", body: owner.token };
  const ticket = (
    await (await fetch(`http://127.0.0.1:${owner.port}/ticket`, asked)).text()
  ).trim();
  const profile = join(workspace, "run", "browser");
  return spawn(
    browser,
    [
      `--app=${addressOf({ ...owner, token: ticket })}`,
      `--user-data-dir=${profile}`,
      "--no-first-run",
      "--no-default-browser-check",
    ],
    { stdio: "ignore" },
  );
}

function portFrom(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
