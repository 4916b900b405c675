import { gzipSync } from "node:zlib";
import type { Measure } from "./measure.ts";

/** The one script that a window at rest fetches before a chart asks for it; see `charts/plotly.ts`. */
const isAhead = (address: string) => /\/plotly-strict[^/]*\.js$/.test(new URL(address).pathname);
const PATIENCE_MS = 30_000;
const REST_MS = 6000;

/**
 * Every script of a new window that nobody touches, as they travel when packed, however late it is
 * fetched. Plotly, which the window needs for nothing that it shows then, and fetches once it has
 * been at rest, is counted apart; whatever else came ahead would count as needed.
 */
export const javascript: Measure = {
  most: { initial_javascript_kb: 400 },
  async measure({ browser, address }) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const scripts: { address: string; body: Promise<Buffer> }[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() !== "script") return;
      scripts.push({ address: response.url(), body: response.body() });
    });
    const ahead = page.waitForResponse((response) => isAhead(response.url()), {
      timeout: PATIENCE_MS,
    });
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await ahead;
    // An idea's screen comes ahead too, and its tabs once it is there.
    await page.waitForTimeout(REST_MS);
    const sizes = await Promise.all(
      scripts.map(async ({ address, body }) => ({
        ahead: isAhead(address),
        kb: gzipSync(await body).byteLength / 1000,
      })),
    );
    await context.close();
    const sum = (isOfAhead: boolean) =>
      sizes.filter(({ ahead }) => ahead === isOfAhead).reduce((all, { kb }) => all + kb, 0);
    return { initial_javascript_kb: sum(false), fetched_ahead_kb: sum(true) };
  },
};
