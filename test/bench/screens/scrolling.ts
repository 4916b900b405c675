import type { BrowserContext, CDPSession, Locator, Page } from "@playwright/test";
import type { Ground, Measure } from "./measure.ts";
import { traced } from "./trace.ts";

/** A hand that wants to get somewhere. */
const PIXELS_A_SECOND = 6000;
const SECONDS = 4;

/**
 * Ten thousand ideas as cards and as a table, and ten thousand runs of one idea, scrolled; and as
 * what this machine's browser can do at most, as many lines of text on a page without a program.
 */
export const scrolling: Measure = {
  most: { cards_longest_task_ms: 50, table_longest_task_ms: 50, runs_longest_task_ms: 50 },
  least: { cards_frames_per_s: 59, table_frames_per_s: 59, runs_frames_per_s: 59 },
  async measure(ground) {
    return {
      ...named("bare", await scrolled(ground, "about:blank", bareLines)),
      ...named("cards", await scrolled(ground, ground.page, (page) => shown(page, "Cards"))),
      ...named("table", await scrolled(ground, ground.page, (page) => shown(page, "Table"))),
      ...named("runs", await scrolled(ground, `${ground.page}/${ground.busiest}`, allRuns)),
    };
  },
};

const named = (list: string, of: Record<string, number>) =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [`${list}_${name}`, value]));

async function scrolled(
  { browser, warm }: { browser: Ground["browser"]; warm: BrowserContext },
  address: string,
  open: (page: Page) => Promise<Locator>,
): Promise<Record<string, number>> {
  const page = await warm.newPage();
  await page.goto(address);
  const list = await open(page);
  const session = await warm.newCDPSession(page);
  // The window fetches Plotly ahead, once; what has never been drawn is laid out for the first time.
  await page.waitForTimeout(4000);
  await gesture(session, list, -1000);
  const found = await traced(browser, page, () =>
    gesture(session, list, -PIXELS_A_SECOND * SECONDS),
  );
  await page.close();
  return found;
}

async function gesture(session: CDPSession, list: Locator, yDistance: number): Promise<void> {
  const box = await list.boundingBox();
  if (!box) throw new Error("The list is not to be seen.");
  await session.send("Input.synthesizeScrollGesture", {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    yDistance,
    speed: PIXELS_A_SECOND,
    gestureSourceType: "mouse",
    preventFling: true,
  });
}

async function bareLines(page: Page): Promise<Locator> {
  const line = "Size positions by next week's volatility · deploy · 0.540 · 0.75 · demo";
  const lines = `<p style="height: 33px; margin: 0">${line}</p>`.repeat(10_000);
  await page.setContent(`<section style="height: 90vh; overflow: auto">${lines}</section>`);
  return page.locator("section");
}

async function shown(page: Page, shape: "Cards" | "Table"): Promise<Locator> {
  await page.getByText(shape, { exact: true }).click();
  const list = page.getByRole("region", { name: /^Ideas, / });
  await list.getByText("Size positions").first().waitFor();
  return list;
}

async function allRuns(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: /^run / }).click();
  await page.getByRole("menuitem", { name: /^All / }).click();
  const list = page.getByRole("region", { name: /^Runs of/ });
  await list.getByRole("row").nth(5).waitFor();
  return list;
}
