import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, type Page } from "@playwright/test";
import { OpenWorkspace } from "../screens/workbench.ts";
import { runPreload } from "./stand-in/preload.ts";
import { Program } from "./stand-in/program.ts";
import type { Launch } from "./stand-in/words.ts";

/** Where Electron would show the page; Chromium alone knows no scheme of ours. */
const SHOWN_AT = "https://workbench.test";
const PAGE = "app://workbench";
const SCREEN = { x: 0, y: 0, width: 1920, height: 1040 };

type Started = { program: Program; launch: Launch };

export class Desktop {
  readonly workspace: OpenWorkspace;
  readonly userData: string;
  readonly #programs: Program[] = [];

  constructor(workspace: OpenWorkspace, userData: string) {
    this.workspace = workspace;
    this.userData = userData;
  }

  /** @param workspace another one than the test's own */
  start(
    args: readonly string[] = [],
    more: Partial<Launch> = {},
    workspace = this.workspace.folder,
  ): Started {
    const launch = { userData: this.userData, keychain: true, workArea: SCREEN };
    const all = { ...launch, ...more };
    const program = new Program(all, [`--workspace=${workspace}`, ...args]);
    this.#programs.push(program);
    return { program, launch: all };
  }

  async end(): Promise<void> {
    for (const program of this.#programs) await program.quit();
  }
}

/**
 * Shows the program's page in Chromium: its files come from the program's own scheme handler, and
 * its bridge is the built preload script, between which and the page everything is cloned.
 *
 * @returns every message that the page was sent
 */
export async function showPage(page: Page, program: Program): Promise<string[]> {
  const heard: string[] = [];
  const preload = runPreload(({ channel, args }) => {
    void program.ask("ipc", channel, args, { url: `${PAGE}/`, isTop: true });
  });
  const bridge = preload.exposed.get("breadthflow") as {
    send: (frame: unknown) => void;
    onMessage: (listener: (message: unknown) => void) => () => void;
  };
  program.on("to_page", (channel, args) => preload.receive({ channel, args }));
  bridge.onMessage((message) => {
    heard.push(JSON.stringify(message));
    page
      .evaluate((told) => window.dispatchEvent(new CustomEvent("told", { detail: told })), message)
      // A page that is gone hears nothing more.
      .catch(() => undefined);
  });
  await page.exposeFunction("toPreload", (frame: unknown) => bridge.send(frame));
  await page.addInitScript(() => {
    const { toPreload } = window as unknown as { toPreload: (frame: unknown) => void };
    window.breadthflow = {
      send: (frame) => toPreload(structuredClone(frame)),
      onMessage: (listener) => {
        const hear = (event: Event) => listener((event as CustomEvent).detail);
        window.addEventListener("told", hear);
        return () => window.removeEventListener("told", hear);
      },
      pathForFile: (file) => file.name,
    };
  });
  await page.route(`${SHOWN_AT}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const { status, headers, body } = await program.ask("fetch", `${PAGE}${pathname}`);
    await route.fulfill({ status, headers, body: Buffer.from(body) });
  });
  await page.goto(`${SHOWN_AT}/`);
  await program.ask("loaded");
  return heard;
}

/** `other` is a second workspace, for programs that are started on it. */
export const test = base.extend<{ desktop: Desktop; other: OpenWorkspace }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from it
  desktop: async ({}, use) => {
    const workspace = new OpenWorkspace(await mkdtemp(join(tmpdir(), "breadthflow-electron-")));
    const userData = await mkdtemp(join(tmpdir(), "breadthflow-user-"));
    const desktop = new Desktop(workspace, userData);
    await use(desktop);
    await desktop.end();
    await workspace.end();
    await rm(userData, { recursive: true, force: true });
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from it
  other: async ({}, use) => {
    const other = new OpenWorkspace(await mkdtemp(join(tmpdir(), "breadthflow-other-")));
    await use(other);
    await other.end();
  },
});

export const { expect } = test;
