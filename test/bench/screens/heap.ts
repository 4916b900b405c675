import type { CDPSession, Page } from "@playwright/test";
import type { Measure } from "./measure.ts";

const SCREENS = ["Ideas", "Data", "Models", "Deployments", "Stack", "Settings"];
/** By then every screen's code is loaded and most of it compiled. */
const WARM_UP = 200;
const CHANGES = 200;

/** How much more a window holds on to after 200 changes of screen, as a share of what it held. */
export const heap: Measure = {
  limits: { heap_growth_share: 0.05 },
  async measure({ warm, page: address }) {
    const page = await warm.newPage();
    await page.goto(address);
    const session = await warm.newCDPSession(page);
    await changeScreens(page, WARM_UP);
    const before = await heldBytes(session);
    await changeScreens(page, CHANGES);
    const after = await heldBytes(session);
    await page.close();
    return { heap_mb: after / 1e6, heap_growth_share: after / before - 1 };
  },
};

async function changeScreens(page: Page, times: number): Promise<void> {
  const rail = page.getByRole("navigation", { name: "Screens" });
  for (let change = 0; change < times; change += 1) {
    const name = SCREENS[change % SCREENS.length] ?? "Ideas";
    await rail.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
  }
}

async function heldBytes(session: CDPSession): Promise<number> {
  // The first collection finds what the second one can free.
  for (let time = 0; time < 2; time += 1) await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}
