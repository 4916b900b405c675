import { type Measure, median } from "./measure.ts";

const ROUNDS = 5;
const TABS = ["Features", "Models", "Backtest"];

/** A run of 148 features and 64 trials or more, from the click to the charts of its first tab, and
 * from the click on another tab to that one's charts. */
export const runOpening: Measure = {
  most: { open_run_ms: 500, open_tab_ms: 500 },
  async measure({ warm, page: address, run }) {
    const runs: number[] = [];
    const tabs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await warm.newPage();
      await page.goto(address);
      await page.getByRole("region", { name: /^Ideas, / }).waitFor();
      // As long as a person takes to find the idea, in which the window fetches Plotly ahead.
      await page.waitForTimeout(3000);
      await page.evaluate(watchForCharts);
      const hash = `#/ideas/${run.idea}/runs/${run.run}`;
      runs.push(await page.evaluate(`window.untilCharts(() => { location.hash = "${hash}"; })`));
      for (const tab of TABS) {
        tabs.push(
          await page.evaluate(
            `window.untilCharts(() => [...document.querySelectorAll("[role=tab]")]
              .find((one) => one.textContent === "${tab}").click())`,
          ),
        );
      }
      await page.close();
    }
    const slowest = TABS.map((_, tab) => median(tabs.filter((__, at) => at % TABS.length === tab)));
    return { open_run_ms: median(runs), open_tab_ms: Math.max(...slowest) };
  },
};

/** All that a tab asked for is there, each of its charts is drawn, and the thread is at rest. */
const watchForCharts = `
  window.untilCharts = (act) => new Promise((resolve) => {
    const began = performance.now();
    act();
    const look = () => {
      const panel = document.querySelector("[role=tabpanel]");
      const charts = [...(panel?.querySelectorAll("[role=img]") ?? [])];
      const isDrawn = charts.length > 0 && charts.every((one) => one.querySelector(".main-svg, svg, circle, polyline") || one.tagName === "svg");
      if (isDrawn && performance.now() - began > 20) {
        requestIdleCallback(() => resolve(performance.now() - began));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
`;
