/**
 * The figures of the screens, in the machine's own Chromium, on a workspace of 10,000 ideas and
 * 20,000 runs. A measure is a file in `screens/`, named here; the names of some as arguments
 * measure only those.
 *
 * Prints one JSON document of what was measured, with each limit and whether it is met. Exits with
 * 1 if one is not.
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
import { BUSIEST, fillLarge } from "./screens/large-workspace.ts";
import { logging } from "./screens/logging.ts";
import type { Ground, Measure } from "./screens/measure.ts";
import { opening } from "./screens/opening.ts";
import { makeRichRun } from "./screens/rich-run.ts";
import { runOpening } from "./screens/run-opening.ts";
import { scrolling } from "./screens/scrolling.ts";

const MEASURES: Record<string, Measure> = {
  javascript,
  opening,
  runOpening,
  scrolling,
  idle,
  heap,
  logging,
};
const chosen = process.argv.slice(2);
const measures = Object.entries(MEASURES).filter(
  ([name]) => chosen.length === 0 || chosen.includes(name),
);

const workspace = await mkdtemp(join(tmpdir(), "breadthflow-bench-"));
fillLarge(workspace);
const attached = await attach(workspace);
const { pid, port, token } = JSON.parse(
  await readFile(join(workspace, "run", "owner.json"), "utf8"),
) as { pid: number; port: number; token: string };
const address = `http://127.0.0.1:${port}/#token=${token}`;
const browser = await chromium.launch(browserLaunch());
const measured: Record<string, number> = {};
const targets: Record<string, { limit: string; met: boolean }> = {};
try {
  const run = await makeRichRun(attached.client);
  Object.assign(measured, { run_features: run.features, run_trials: run.trials });
  const service = await servicesAtRest();
  const warm = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const first = await warm.newPage();
  await first.goto(address);
  await first.getByRole("heading", { level: 1 }).waitFor();
  await first.close();
  const page = `http://127.0.0.1:${port}/#/ideas`;
  const ground: Ground = {
    browser,
    address,
    warm,
    page,
    owner: pid,
    run,
    busiest: BUSIEST,
    service,
  };
  for (const [name, { most, least = {}, measure }] of measures) {
    const found = await measure(ground);
    process.stderr.write(`${name}: ${JSON.stringify(found)}\n`);
    Object.assign(measured, found);
    for (const [figure, value] of Object.entries(found)) {
      const [upper, lower] = [most[figure], least[figure]];
      if (upper !== undefined) targets[figure] = { limit: `≤ ${upper}`, met: value <= upper };
      if (lower !== undefined) targets[figure] = { limit: `≥ ${lower}`, met: value >= lower };
    }
  }
} finally {
  await browser.close();
  await shutDown(attached);
  await rm(workspace, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
const passed = Object.values(targets).every(({ met }) => met);
const document = { bench: "screens", ...measured, targets, passed };
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
process.exit(passed ? 0 : 1);

/** A warm machine: the services that come up with the workspace are up; the first of them. */
async function servicesAtRest(): Promise<{ name: string; log: string }> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { services } = await attached.client.system.status.query();
    const first = services.find(({ state }) => state === "ready");
    // One that nobody has asked for, such as notebooks, stays stopped.
    const atRest = services.every(({ state }) => state === "ready" || state === "stopped");
    if (first && atRest) return first;
    if (Date.now() > deadline) throw new Error("The services did not come up within a minute.");
    await new Promise((later) => setTimeout(later, 250));
  }
}
