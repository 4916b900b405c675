import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { test as base, type Page } from "@playwright/test";

const run = promisify(execFile);
const HOUSE = resolve(import.meta.dirname, "../..");

/** A workspace of its own with its owner process, and the address that opens it in a browser. */
export class OpenWorkspace {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Runs a command of the CLI on this workspace, as a person beside the window would. */
  async cli(...args: string[]): Promise<string> {
    const entry = join(HOUSE, "main/shells/cli/main.ts");
    const command = [entry, ...args, "--workspace", this.folder];
    const { stdout } = await run(process.execPath, command, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  async address(): Promise<string> {
    await this.cli("runs", "--json");
    const owner = JSON.parse(await readFile(join(this.folder, "run", "owner.json"), "utf8"));
    return `http://127.0.0.1:${owner.port}/#token=${owner.token}`;
  }

  async end(): Promise<void> {
    await this.cli("stop");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Every error that reaches the console of a page from now on. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

/** Each test has a fresh workspace, and fails when any error reaches the browser's console. */
export const test = base.extend<{ workspace: OpenWorkspace }>({
  workspace: async ({ page }, use) => {
    const errors = complaintsOf(page);
    const workspace = new OpenWorkspace(await mkdtemp(join(tmpdir(), "breadthflow-screens-")));
    await use(workspace);
    // Before its core goes away, which the window rightly reports as an error.
    await page.close();
    await workspace.end();
    base.expect(errors, "errors in the browser's console").toEqual([]);
  },
});

export const { expect } = test;
