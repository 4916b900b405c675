/** The desktop window: a client of the workspace's owner process, like every other shell. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { app, type BrowserWindow, dialog } from "electron";
import type { OpenedIdea } from "../../../contract/bridge.ts";
import { problemOf } from "../../../contract/problem.ts";
import { shutDown } from "../cli/attach.ts";
import { BridgeHost, tellPage } from "./bridge.ts";
import { Jobs } from "./jobs.ts";
import { setMenu } from "./menu.ts";
import { notifyOfEnds } from "./notifications.ts";
import { chooseIdeaFile, ideaFilesIn, onFilesFromFinder, readIdeaFile } from "./opened-ideas.ts";
import { Owner } from "./owner.ts";
import { registerScheme, serveScreens } from "./scheme.ts";
import { sealingKey } from "./sealing-key.ts";
import { openTray } from "./tray.ts";
import { openWindow } from "./window.ts";

const workspace = workspaceIn(process.argv);
const waiting = ideaFilesIn(process.argv);

// Every window in a process of its own that can do nothing to the system, whatever its options say.
app.enableSandbox();
registerScheme();
onFilesFromFinder((path) => waiting.push(path));
// One program a workspace: a second start brings the first one's window to the front.
if (app.requestSingleInstanceLock({ workspace })) void app.whenReady().then(start, fail);
else app.quit();

async function start(): Promise<void> {
  const state = app.getPath("userData");
  const owner = new Owner(workspace, sealingKey(join(state, "sealing.key")));
  const { client, started } = await owner.opened();
  const jobs = new Jobs(owner);
  new BridgeHost(async () => (await owner.current())?.owner ?? null);
  serveScreens();

  let window: BrowserWindow | null = null;
  const show = () => {
    window ??= open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return window;
  };
  const open = () => {
    const opened = openWindow(join(state, "window.json"));
    opened.on("closed", () => {
      window = null;
    });
    opened.webContents.on("did-finish-load", () => void deliver(opened));
    return opened;
  };
  const openIdea = (path: string) => {
    waiting.push(path);
    const shown = show();
    if (!shown.webContents.isLoading()) void deliver(shown);
  };

  setMenu(async () => {
    const path = await chooseIdeaFile(show());
    if (path) openIdea(path);
  });
  const tray = openTray(jobs, show, () => app.quit());
  notifyOfEnds(jobs, () => window?.isFocused() ?? false, show);
  onFilesFromFinder(openIdea);
  app.on("activate", show);
  app.on("second-instance", (_event, argv) => {
    show();
    for (const path of ideaFilesIn(argv)) openIdea(path);
  });
  // With a run at work or a model live, the tray keeps the program; otherwise its end is the end.
  app.on("window-all-closed", async () => {
    const { busy } = await client.system.status.query().catch(() => ({ busy: false }));
    if (!busy || !tray) app.quit();
  });
  app.on("will-quit", (event) => {
    event.preventDefault();
    jobs.close();
    void leave().finally(() => app.exit());
  });

  /** What is busy goes on without us; an owner that we started and that has nothing to do ends. */
  async function leave(): Promise<void> {
    const attached = await owner.current();
    if (!attached) return;
    const { busy } = await attached.client.system.status.query();
    if (started && !busy) await shutDown(attached);
  }

  show();
  void jobs.follow();
}

/** Gives the page the files that were opened, once it listens. */
async function deliver(window: BrowserWindow): Promise<void> {
  const ideas = await Promise.all(waiting.splice(0).map(readIdeaFile));
  const isRead = (idea: OpenedIdea | null) => idea !== null;
  for (const idea of ideas.filter(isRead)) tellPage(window.webContents, idea);
}

function fail(error: unknown): void {
  const { detail, hint } = problemOf(error);
  dialog.showErrorBox(detail, hint);
  app.exit(1);
}

function workspaceIn(argv: readonly string[]): string {
  const prefix = "--workspace=";
  const given = argv.find((arg) => arg.startsWith(prefix))?.slice(prefix.length);
  const chosen = given ?? process.env.BREADTHFLOW_WORKSPACE;
  return resolve(chosen ?? join(homedir(), "BreadthFlow", "default"));
}
