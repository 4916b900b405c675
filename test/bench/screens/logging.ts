import { appendFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Measure } from "./measure.ts";
import { traced } from "./trace.ts";

const LINES_A_SECOND = 2000;
const BEAT_MS = 50;
/** The kept lines fill up first: from then on each new one drops an old one. */
const FILLING_S = 12;
const CLICKS = 10;

/**
 * A service's log is open while the service writes 2,000 lines a second, and somebody clicks: the
 * main thread's longest task, the longest time from a click to the next picture, and how far the
 * window is behind at the end.
 */
export const logging: Measure = {
  most: { log_longest_task_ms: 50, log_click_ms: 100, log_lines_behind: LINES_A_SECOND / 2 },
  async measure({ browser, warm, page: address, service }) {
    const page = await warm.newPage();
    await page.goto(address.replace("#/ideas", `#/stack/${service.name}`));
    await page.evaluate(watchClicks);
    const writer = beginWriting(service.log);
    await page.getByRole("region", { name: `Log of ${service.name}` }).waitFor();
    await page.waitForTimeout(FILLING_S * 1000);
    const { longest_task_ms } = await traced(browser, page, async () => {
      for (let click = 0; click < CLICKS; click += 1) {
        await page.waitForTimeout(400);
        // Off and on again.
        await page.getByRole("switch", { name: "Follow" }).click();
        await page.getByRole("switch", { name: "Follow" }).click();
      }
    });
    await page.waitForTimeout(1000);
    const behind = writer.written() - (await newestShown(page, service.name));
    const { lines, seconds } = writer.end();
    const clicks = await page.evaluate<number[]>("window.clickTimes");
    await page.close();
    return {
      log_lines_per_s: lines / seconds,
      log_longest_task_ms: longest_task_ms,
      log_click_ms: Math.max(...clicks),
      log_lines_behind: behind,
    };
  },
};

function beginWriting(file: string) {
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  let written = 0;
  const beat = setInterval(() => {
    const due = Math.floor(passed() * LINES_A_SECOND);
    const lines = Array.from({ length: due - written }, (_, at) => line(written + at));
    appendFileSync(file, lines.join(""));
    written = due;
  }, BEAT_MS);
  return {
    written: () => written,
    end: () => {
      clearInterval(beat);
      return { lines: written, seconds: passed() };
    },
  };
}

/** As structlog writes them, some of them loud. */
function line(number: number): string {
  const level = number % 50 === 0 ? "warning" : "info";
  return `${JSON.stringify({ event: "step", number, level, symbol: "AAPL", rows: 619_040, timestamp: "2026-01-02T03:04:05.678Z" })}\n`;
}

async function newestShown(page: Page, service: string): Promise<number> {
  const texts = await page.getByRole("region", { name: `Log of ${service}` }).innerText();
  return Math.max(0, ...[...texts.matchAll(/number=(\d+)/g)].map(([, number]) => Number(number)));
}

/** From the hand to the next picture, as the browser itself measures it, in steps of 8 ms. */
const watchClicks = `
  window.clickTimes = [0];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.name === "click" || entry.name === "pointerup") window.clickTimes.push(entry.duration);
    }
  }).observe({ type: "event", durationThreshold: 16 });
`;
