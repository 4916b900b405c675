/** The desktop window: a client of the workspace's owner process, like every other shell. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { app, type BrowserWindow, dialog, shell, type WebContents } from "electron";
import type { OpenedIdea } from "../../../contract/bridge.ts";
import { problemOf } from "../../../contract/problem.ts";
import { VERSION } from "../../version.ts";
import { shutDown } from "../cli/attach.ts";
import { BridgeHost, tellPage } from "./bridge.ts";
import { Jobs } from "./jobs.ts";
import { setAbout, setMenu } from "./menu.ts";
import { notifyOfEnds } from "./notifications.ts";
import { chooseIdeaFile, ideaFilesIn, onFilesFromFinder, readIdeaFile } from "./opened-ideas.ts";
import { Owner } from "./owner.ts";
import { registerScheme, serveScreens } from "./scheme.ts";
import { sealingKey } from "./sealing-key.ts";
import { openTray } from "./tray.ts";
import { openWindow } from "./window.ts";

const workspace = workspaceIn(process.argv);
const waiting = ideaFilesIn(process.argv);

// Electron keeps one program for each folder of its own data: a workspace's window has its own.
const state = join(app.getPath("userData"), "workspaces", nameOf(workspace));
mkdirSync(state, { recursive: true });
app.setPath("userData", state);
// Every window in a process of its own that can do nothing to the system, whatever its options say.
app.enableSandbox();
registerScheme();
// Until there is a window, files are kept for it.
let openIdea = (path: string): void => void waiting.push(path);
let show: () => BrowserWindow | null = () => null;
onFilesFromFinder((path) => openIdea(path));
app.on("second-instance", (_event, argv) => {
  show();
  for (const path of ideaFilesIn(argv)) openIdea(path);
});
// One program a workspace: a second start brings the first one's window to the front.
if (app.requestSingleInstanceLock({ workspace })) app.whenReady().then(start).catch(fail);
else app.quit();

async function start(): Promise<void> {
  const owner = new Owner(workspace, sealingKey(join(state, "sealing.key")));
  const { client, started } = await owner.opened();
  const jobs = new Jobs(owner);
  let window: BrowserWindow | null = null;
  /** The window's page, once it listens. */
  let listening: WebContents | null = null;
  new BridgeHost({
    ownerRecord: async () => (await owner.current())?.owner ?? null,
    onReady: (page) => {
      listening = page;
      void deliver(page);
    },
    showWorkspace: () => void shell.openPath(workspace),
  });
  serveScreens();

  const shown = () => {
    window ??= open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return window;
  };
  show = shown;
  const open = () => {
    const opened = openWindow(join(state, "window.json"));
    const isDeaf = () => {
      listening = null;
    };
    opened.webContents.on("did-start-loading", isDeaf);
    opened.on("closed", () => {
      isDeaf();
      window = null;
    });
    return opened;
  };
  openIdea = (path) => {
    waiting.push(path);
    show();
    if (listening) void deliver(listening);
  };

  setAbout(VERSION);
  setMenu(async () => {
    const path = await chooseIdeaFile(shown());
    if (path) openIdea(path);
  });
  const tray = openTray(jobs, show, () => app.quit());
  notifyOfEnds(jobs, () => window?.isFocused() ?? false, show);
  app.on("activate", show);
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

/** Gives the page that listens the files that were opened. */
async function deliver(page: WebContents): Promise<void> {
  const ideas = await Promise.all(waiting.splice(0).map(readIdeaFile));
  const isRead = (idea: OpenedIdea | null) => idea !== null;
  for (const idea of ideas.filter(isRead)) tellPage(page, idea);
}

function fail(error: unknown): void {
  const { detail, hint } = problemOf(error);
  dialog.showErrorBox(detail, hint);
  app.exit(1);
}

/** The workspace's folder as a short name that every file system takes. */
function nameOf(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 16);
}

function workspaceIn(argv: readonly string[]): string {
  const prefix = "--workspace=";
  const given = argv.find((arg) => arg.startsWith(prefix))?.slice(prefix.length);
  const chosen = given ?? process.env.BREADTHFLOW_WORKSPACE;
  return resolve(chosen ?? join(homedir(), "BreadthFlow", "default"));
}
