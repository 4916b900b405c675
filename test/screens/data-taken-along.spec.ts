import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Download, Page } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { bars, writeBars } from "./bars.ts";
import { DataPage } from "./pages/data.ts";
import { FramePage } from "./pages/frame.ts";
import { IdeasScreen } from "./pages/ideas.ts";
import { expect as strict, test } from "./workbench.ts";

// Several windows may be drawn by the same two cores.
const expect = strict.configure({ timeout: 60_000 });

const DAYS = 60;
/** A day of which the calendar tells, by AAA's bar whose high is not the highest. */
const FLAGGED = "2018-01-10";

test("bars that are dropped are found on the calendar, and what is shown is taken along", async ({
  context,
  page,
  workspace,
}) => {
  const file = join(workspace.folder, "dropped.csv");
  await writeBars(file, "symbol,date,open,high,low,close,volume", bars(DAYS));
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(await workspace.address());
  const data = new DataPage(page);
  await new FramePage(page).open("Data");

  await test.step("a file that is let go of over the window is looked at, then imported", async () => {
    await expect(page.getByText("Each data set appears here")).toBeVisible();
    await expectAccessible(page, "no data");
    const text = await readFile(file, "utf8");
    await new IdeasScreen(page).drop({ name: "dropped.csv", text });
    await expect(data.dialog.getByLabel("Name of the data set")).toHaveValue("dropped", {
      timeout: 60_000,
    });
    await expect(data.dialog.getByText(/Text with commas/)).toBeVisible({ timeout: 60_000 });
    await data.import(0);
    await page.getByRole("row", { name: /dropped/ }).click();
  });

  const findings = data.panel("Findings").first();
  const list = findings.getByRole("table");
  await test.step("a click on a day of the calendar narrows the list to it", async () => {
    const all = await list.getAttribute("aria-rowcount", { timeout: 60_000 });
    const days = data.panel("Findings by day").locator(".nsewdrag");
    await expect(days).toBeVisible({ timeout: 60_000 });
    // Wednesday of the second of its 54 weeks, on five rows of weekdays.
    const { width, height } = (await days.boundingBox()) ?? { width: 0, height: 0 };
    await days.click({ position: { x: (1.5 / 54) * width, y: (2.5 / 5) * height } });
    await expect(findings.getByRole("textbox", { name: "Day" })).toHaveValue(FLAGGED);
    await expect(list.getByRole("row", { name: /AAA/ })).toContainText("high not highest");
    expect(Number(await list.getAttribute("aria-rowcount"))).toBeLessThan(Number(all));
    await findings.getByRole("textbox", { name: "Day" }).fill("");
    await expect(list).toHaveAttribute("aria-rowcount", all ?? "");
  });

  await test.step("a table is sorted by its heads, with the mouse and with the keyboard", async () => {
    const head = list.getByRole("columnheader", { name: "symbol" });
    const symbols = list.locator("tbody tr > td:first-child");
    const sorted = (await symbols.allTextContents()).toSorted();
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", "ascending");
    await expect(symbols.first()).toHaveText(sorted[0] ?? "");
    await head.getByRole("button").press("Enter");
    await expect(head).toHaveAttribute("aria-sort", "descending");
    await expect(symbols.last()).toHaveText(sorted[0] ?? "");
    expect(await symbols.allTextContents()).not.toEqual(sorted);
  });

  await test.step("a copy of it is what is shown, in its order, a tab between two cells", async () => {
    await findings.getByRole("button", { name: "Copy Findings" }).click();
    await expect(findings.getByRole("button", { name: "Copied" })).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [head, ...lines] = copied.split("\n").map((line) => line.split("\t"));
    const heads = await list.getByRole("columnheader").allTextContents();
    expect(head).toEqual(heads.map((text) => text.replace(/ [↑↓]$/, "")));
    const shown = await list.locator("tbody tr > td:first-child").allTextContents();
    expect(lines.map(([symbol]) => symbol)).toEqual(shown);
    expect(lines.every((cells) => cells.length === heads.length)).toBe(true);
    expect(copied).toContain("high_not_highest");
  });

  await test.step("a chart's numbers are those that it draws, a point a line", async () => {
    const prices = data.panel("Prices");
    await prices.getByText("candles", { exact: true }).click();
    await expect(prices.locator(".boxlayer path").first()).toBeAttached();
    const chart = prices.getByRole("img", { name: /Prices and volume of/ });
    const drawn = (await chart.getAttribute("aria-label"))?.match(/of (.*), with (\d+) flagged/);
    await chart.hover();
    const numbers = await saved(page, () => press(page, /^Save the data of prices of .* as CSV$/));
    expect(numbers.suggestedFilename()).toBe(`prices of ${drawn?.[1]}.csv`);
    const [head, ...lines] = (await readFile(await numbers.path(), "utf8")).split("\r\n");
    expect(head).toBe("trace,x,y,open,high,low,close");
    const flags = lines.filter((line) => /^(info|warning|error),/.test(line));
    expect(flags.length).toBeGreaterThan(0);
    expect(flags.length).toBeLessThanOrEqual(Number(drawn?.[2]));
    const volume = lines.filter((line) => line.startsWith("volume,"));
    expect([volume.length, lines.length - flags.length]).toEqual([DAYS, 2 * DAYS]);
    // The first bar of AAA, as it was imported: a candle with its four prices, and no y.
    expect(lines[0]).toMatch(/^AAA,2018-01-02,,19\.9,20\.2,19\.7,20$/);
  });

  await test.step("a chart's picture is a PNG, twice as fine as the window", async () => {
    const chart = data.panel("Prices").getByRole("img", { name: /Prices and volume of/ });
    const { width, height } = (await chart.boundingBox()) ?? { width: 0, height: 0 };
    const picture = await saved(page, () => press(page, /^Save prices of .* as PNG$/));
    expect(picture.suggestedFilename()).toMatch(/^prices of .*\.png$/);
    const png = await readFile(await picture.path());
    expect(png.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
    expect(png.readUInt32BE(16)).toBeCloseTo(2 * width, -1);
    expect(png.readUInt32BE(20)).toBeCloseTo(2 * height, -1);
    expect(png.length).toBeGreaterThan(5000);
  });
});

/** The buttons of a chart are seen once the mouse or the focus is on it. */
async function press(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("button", { name }).press("Enter");
}

async function saved(page: Page, act: () => Promise<void>): Promise<Download> {
  const download = page.waitForEvent("download");
  await act();
  return await download;
}
