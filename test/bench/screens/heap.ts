import { type CDPSession, chromium, type Page } from "@playwright/test";
import { browserLaunch } from "../../../scripts/prepare/browser.mjs";
import type { Measure } from "./measure.ts";

const SCREENS = ["Ideas", "Data", "Models", "Deployments", "Stack", "Settings"];
/** By then every screen's code is loaded and most of it compiled. */
const WARM_UP = 200;
const HALF = 100;

/**
 * What a window holds on to over 200 changes of screen, after garbage collection. The second
 * hundred beside the first tells a leak, which goes on, from caches that fill. In a browser that
 * interprets: otherwise the machine code that V8 goes on making of what is called often counts as
 * heap, and hides what the screens hold.
 */
export const heap: Measure = {
  most: { heap_growth_kb_per_change: 1, heap_growth_nodes: 0, heap_growth_listeners: 0 },
  async measure({ address, run }) {
    const launch = browserLaunch();
    const args = [...(launch.args ?? []), "--js-flags=--jitless"];
    const browser = await chromium.launch({ ...launch, args });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(address);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const changes = [...SCREENS, `#/ideas/${run.idea}/runs/${run.run}/models`];
    await changeScreens(page, changes, WARM_UP);
    const before = await held(session);
    await changeScreens(page, changes, HALF);
    const between = await held(session);
    await changeScreens(page, changes, HALF);
    const after = await held(session);
    await browser.close();
    return {
      heap_mb: after.bytes / 1e6,
      heap_growth_kb_per_change: (after.bytes - before.bytes) / 1000 / (2 * HALF),
      heap_first_hundred_kb: (between.bytes - before.bytes) / 1000,
      heap_second_hundred_kb: (after.bytes - between.bytes) / 1000,
      heap_growth_nodes: after.nodes - before.nodes,
      heap_growth_listeners: after.listeners - before.listeners,
    };
  },
};

/** Ends on the first screen whatever `times` is, so that the same things are held each time. */
async function changeScreens(page: Page, changes: readonly string[], times: number) {
  for (let change = 1; change <= times; change += 1) {
    const name = change === times ? "Ideas" : (changes[change % changes.length] ?? "Ideas");
    if (name.startsWith("#")) {
      await page.evaluate(`location.hash = ${JSON.stringify(name)}`);
      await page.locator("[role=tabpanel] .main-svg").first().waitFor();
    } else {
      const rail = page.getByRole("navigation", { name: "Screens" });
      await rail.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
    }
  }
}

async function held(session: CDPSession) {
  // The first collection finds what the second one can free.
  for (let time = 0; time < 3; time += 1) await session.send("HeapProfiler.collectGarbage");
  const bytes = (await session.send("Runtime.getHeapUsage")).usedSize;
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
  return { bytes, nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
}
