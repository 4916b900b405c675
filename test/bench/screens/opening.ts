import { median } from "../support/timing.ts";
import type { Measure } from "./measure.ts";

const ROUNDS = 7;

type Times = { painted: number; interactive: number };

/** How soon a warm window shows something, and how soon it can be used: the screen stands, and the
 * page's thread has nothing more to do. Milliseconds from the navigation's start. */
export const opening: Measure = {
  most: { first_paint_ms: 1000, interactive_ms: 2000 },
  async measure({ warm, page: address }) {
    const rounds: Times[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await warm.newPage();
      await page.addInitScript(watchForScreen);
      await page.goto(address);
      rounds.push(
        await page.evaluate<Times>(`window.whenInteractive.then((interactive) => ({
          painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
          interactive,
        }))`),
      );
      await page.close();
    }
    return {
      first_paint_ms: median(rounds.map(({ painted }) => painted)),
      interactive_ms: median(rounds.map(({ interactive }) => interactive)),
    };
  },
};

const watchForScreen = `
  window.whenInteractive = new Promise((resolve) => {
    const look = () => {
      if (document.querySelector("nav a") && document.querySelector("main h1")) {
        requestIdleCallback(() => resolve(performance.now()));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
`;
