/**
 * The figures of the screens, on a fresh workspace in the machine's own Chromium. A measure is a
 * file in `screens/`, named here.
 *
 * Prints one JSON document of what was measured, with the limits. Exits with 1 if one is not met.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { attach, shutDown } from "../../main/shells/cli/attach.ts";
import { browserLaunch } from "../../scripts/prepare/browser.mjs";
import { heap } from "./screens/heap.ts";
import { idle } from "./screens/idle.ts";
import { javascript } from "./screens/javascript.ts";
import type { Ground, Measure } from "./screens/measure.ts";
import { opening } from "./screens/opening.ts";

const MEASURES: readonly Measure[] = [javascript, opening, idle, heap];

const workspace = await mkdtemp(join(tmpdir(), "breadthflow-bench-"));
const attached = await attach(workspace);
const { pid, port, token } = JSON.parse(
  await readFile(join(workspace, "run", "owner.json"), "utf8"),
) as { pid: number; port: number; token: string };
const address = `http://127.0.0.1:${port}/#token=${token}`;
const browser = await chromium.launch(browserLaunch());
const measured: Record<string, number> = {};
const limits: Record<string, number> = {};
try {
  await servicesAtRest();
  const warm = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const first = await warm.newPage();
  await first.goto(address);
  await first.getByRole("heading", { level: 1 }).waitFor();
  await first.close();
  const page = `http://127.0.0.1:${port}/#/ideas`;
  const ground: Ground = { browser, address, warm, page, owner: pid };
  for (const measure of MEASURES) {
    Object.assign(limits, measure.limits);
    Object.assign(measured, await measure.measure(ground));
  }
} finally {
  await browser.close();
  await shutDown(attached);
  await rm(workspace, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
const missed = Object.keys(measured).filter(
  (name) => (measured[name] ?? 0) > (limits[name] ?? Number.POSITIVE_INFINITY),
);
const document = { bench: "screens", ...measured, targets: limits, passed: missed.length === 0 };
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
process.exit(missed.length === 0 ? 0 : 1);

/** A warm machine: the services that come up with the workspace are up. */
async function servicesAtRest(): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const { services } = await attached.client.system.status.query();
    if (services.every(({ state }) => state === "ready")) return;
    await new Promise((later) => setTimeout(later, 250));
  }
}
