import { median } from "../support/timing.ts";
import type { Measure } from "./measure.ts";

const ROUNDS = 5;
const TABS = ["Features", "Models", "Backtest"];

/** Charts that do not come within this time are a fault, not a figure. */
const PATIENCE_MS = 20_000;

/**
 * A run of 148 features and 64 trials or more, opened by its address, and then its other tabs: until
 * every chart in view is drawn. The charts further down, drawn when the window is idle, are told of
 * beside; and so is what Plotly alone takes on an empty page for the charts in view, which no
 * window that draws with it can go below.
 */
export const runOpening: Measure = {
  most: { open_run_ms: 500, open_tab_ms: 500 },
  async measure({ warm, page: address, run }) {
    const opened: Times[] = [];
    const bare: number[] = [];
    const tabs = new Map<string, number[]>(TABS.map((tab) => [tab, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await warm.newPage();
      await page.goto(address);
      await page.getByRole("region", { name: /^Ideas, / }).waitFor();
      // As long as a person takes to find the idea; meanwhile the window fetches Plotly ahead.
      await page.waitForTimeout(3000);
      await page.evaluate(watchForCharts);
      const open = `location.hash = "#/ideas/${run.idea}/runs/${run.run}"`;
      opened.push(await page.evaluate<Times>(`window.untilCharts(() => { ${open} })`));
      bare.push(await page.evaluate<number>(drawBare));
      await page.reload();
      await page.getByRole("tab", { name: "Validation" }).waitFor();
      await page.waitForTimeout(3000);
      await page.evaluate(watchForCharts);
      for (const [tab, times] of tabs) {
        const click = `[...document.querySelectorAll("[role=tab]")]
          .find((one) => one.textContent === "${tab}").click()`;
        times.push((await page.evaluate<Times>(`window.untilCharts(() => ${click})`)).inView);
      }
      await page.close();
    }
    return {
      open_run_ms: median(opened.map(({ inView }) => inView)),
      open_run_bare_charts_ms: median(bare),
      open_run_all_charts_ms: median(opened.map(({ all }) => all)),
      open_tab_ms: Math.max(...[...tabs.values()].map(median)),
    };
  },
};

type Times = { inView: number; all: number };

/** Milliseconds from `act` to the frame after the charts were drawn. */
const watchForCharts = `
  window.untilCharts = (act) => new Promise((resolve, reject) => {
    const began = performance.now();
    const before = document.querySelector("[role=tabpanel] [role=img]");
    act();
    let inView = null;
    const passed = () => performance.now() - began;
    const look = () => {
      const charts = [...document.querySelectorAll("[role=tabpanel] [role=img]")];
      const isNew = charts.length > 0 && charts[0] !== before;
      const isDrawn = (chart) => chart.querySelector("svg") !== null || chart.tagName === "svg";
      const seen = charts.filter((chart) => chart.getBoundingClientRect().top < innerHeight);
      if (isNew && inView === null && seen.every(isDrawn)) inView = passed();
      if (isNew && charts.every(isDrawn)) {
        setTimeout(() => resolve({ inView, all: passed() }));
      } else if (passed() > ${PATIENCE_MS}) {
        reject(new Error("Not drawn: " + charts.filter((chart) => !isDrawn(chart))
          .map((chart) => chart.getAttribute("aria-label")).join("; ")));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
`;

/** Milliseconds that the charts in view take Plotly where nothing else is in the page. */
const drawBare = `(async () => {
  const figures = [...document.querySelectorAll("[role=tabpanel] [role=img]")]
    .filter((chart) => chart.data && chart.getBoundingClientRect().top < innerHeight)
    .map(({ data, layout, clientWidth }) => ({ data, layout, clientWidth }));
  document.body.replaceChildren();
  await new Promise(requestAnimationFrame);
  const began = performance.now();
  for (const { data, layout, clientWidth } of figures) {
    const place = document.body.appendChild(document.createElement("div"));
    place.style.width = clientWidth + "px";
    await Plotly.react(place, data, layout, { displayModeBar: false });
  }
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  return performance.now() - began;
})()`;
