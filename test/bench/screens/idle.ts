import { readFileSync } from "node:fs";
import type { Browser } from "@playwright/test";
import type { Measure } from "./measure.ts";

/** By then what the window fetches ahead is there. */
const REST_MS = 6000;
const WATCHED_S = 15;
/** Of Linux, which tells of processes in ticks of 1/100 s. */
const TICKS = 100;

/** What an open window costs while nothing happens, in per cent of one core: its page's process,
 * and the owner process that answers its heartbeat. */
export const idle: Measure = {
  most: { idle_page_cpu_percent: 1, idle_owner_cpu_percent: 1 },
  async measure({ browser, warm, page: address, owner }) {
    const page = await warm.newPage();
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForTimeout(REST_MS);
    const before = { page: await pageSeconds(browser), owner: ownerSeconds(owner) };
    await page.waitForTimeout(WATCHED_S * 1000);
    const after = { page: await pageSeconds(browser), owner: ownerSeconds(owner) };
    await page.close();
    const percent = (from: number, to: number) => (100 * (to - from)) / WATCHED_S;
    return {
      idle_page_cpu_percent: percent(before.page, after.page),
      ...(process.platform === "linux"
        ? { idle_owner_cpu_percent: percent(before.owner, after.owner) }
        : {}),
    };
  },
};

async function pageSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo
    .filter(({ type }) => type === "renderer")
    .reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

function ownerSeconds(pid: number): number {
  if (process.platform !== "linux") return 0;
  // After the program's name, which may hold anything and ends with the last bracket.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
