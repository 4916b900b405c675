import type { Page } from "@playwright/test";

/** What moves now or would at the next change: animations by name, transitions by their property. */
export async function moving(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const seconds = (list: string) => Math.max(...list.split(",").map(Number.parseFloat));
    const found = new Set<string>();
    for (const element of document.querySelectorAll("body *")) {
      for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        const { animationName, animationDuration } = style;
        if (animationName !== "none" && seconds(animationDuration) > 0) {
          // The build gives the name a prefix of its file.
          found.add(/pulse/.test(animationName) ? "pulse" : animationName);
        }
        if (seconds(style.transitionDuration) > 0) {
          found.add(`${style.transitionProperty} of ${element.className}`);
        }
      }
    }
    return [...found];
  });
}
