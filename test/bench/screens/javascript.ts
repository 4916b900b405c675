import { gzipSync } from "node:zlib";
import type { Measure } from "./measure.ts";

/** All scripts that a new window loads before anybody has clicked, as they travel when packed. */
export const javascript: Measure = {
  most: { initial_javascript_kb: 400 },
  async measure({ browser, address }) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const bodies: Promise<Buffer>[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") bodies.push(response.body());
    });
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).byteLength);
    await context.close();
    return { initial_javascript_kb: sizes.reduce((sum, size) => sum + size, 0) / 1000 };
  },
};
