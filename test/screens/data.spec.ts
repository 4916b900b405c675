import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expectAccessible } from "./accessibility.ts";
import { bars, HOSTILE_SYMBOL, writeBars } from "./bars.ts";
import { DataPage } from "./pages/data.ts";
import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

test("bars are imported as they are understood, looked at, and imported again", async ({
  page,
  workspace,
}) => {
  test.setTimeout(300_000);
  const odd = await writeBars(
    join(workspace.folder, "odd prices.csv"),
    "ticker,Datum,open,high,low,Schluss,volume",
    bars(60),
  );
  await page.goto(await workspace.address());
  const data = new DataPage(page);
  await new FramePage(page).open("Data");
  await expect(page.getByText("Each data set appears here")).toBeVisible();

  // What is not understood is said before anything is written, and mended there.
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await data.chooseFile(odd);
  await expect(data.dialog.getByText(/has no column for date, close/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(data.dialog.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
  await data.chooseColumn("date", "Datum");
  await data.chooseColumn("close", "Schluss");
  await expect(data.dialog.getByText(/Text with commas; dates written as %Y-%m-%d/)).toBeVisible();
  await expect(data.dialog.getByLabel("Name of the data set")).toHaveValue("odd-prices");
  await expect(
    data.dialog.getByText(HOSTILE_SYMBOL).or(data.dialog.getByText("AAA")).first(),
  ).toBeVisible();
  await expectAccessible(page, "the import");
  await data.import(0);
  await expectAccessible(page, "the data sets");

  await page.getByRole("row", { name: /odd-prices/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("odd-prices");
  await expect(page.getByText("240 bars", { exact: true })).toBeVisible();
  // The first chart brings its library along.
  const calendar = data.panel("Findings by day").locator("svg image").first();
  await expect(calendar).toBeAttached({ timeout: 60_000 });

  // A finding opens its bar in the chart, marked.
  const findings = data.panel("Findings").first();
  await findings.getByRole("textbox", { name: "Symbol" }).fill("aaa");
  await findings.getByRole("row", { name: /high not highest/ }).click();
  const prices = data.panel("Prices");
  await expect(prices.getByText("around 2018-01-10")).toBeVisible();
  await expect(prices.getByRole("img", { name: /Prices and volume of AAA/ })).toBeVisible();
  await expect(prices.locator(".scatterlayer .points path").first()).toBeAttached();
  await prices.getByRole("combobox", { name: "Symbol of the chart" }).click();
  await page.getByRole("option", { name: HOSTILE_SYMBOL }).click();
  await expect(prices.getByRole("img", { name: /Prices and volume of <img/ })).toBeVisible();
  await expect(data.panel("Difference between versions")).toContainText(
    "Import into this data set",
  );
  const trials = data.panel("Trials on this data");
  await expect(trials).toContainText("Every configuration");
  await expectAccessible(page, "a data set");

  // What was tried elsewhere counts too, before one's eyes.
  const elsewhere = join(workspace.folder, "events.jsonl");
  await writeFile(elsewhere, ["complete", "failed", "failed"].map(trialLine).join("\n"));
  await workspace.cli("data", "ledger", "odd-prices", "--add", elsewhere);
  await expect(trials).toContainText("3 in the ledger");
  await expect(trials.getByRole("row", { name: /outside of any idea/ })).toHaveText(
    "outside of any idea3102010.120",
  );
  await expect(trials).toContainText("the best of 3 tries looks good by luck alone");
  const saved = page.waitForEvent("download");
  await trials.getByRole("button", { name: "Save as CSV" }).click();
  const csv = await readFile(await (await saved).path(), "utf8");
  expect(csv.trim().split("\n")).toHaveLength(4);

  // Later bars and a corrected one make a version that can be held against the first.
  const later = bars(62).map((bar) =>
    bar.symbol === "BBB" && bar.date === "2018-02-01" ? { ...bar, close: 99 } : bar,
  );
  const more = await writeBars(
    join(workspace.folder, "more.csv"),
    "symbol,date,open,high,low,close,volume",
    later,
  );
  await page.getByRole("button", { name: "Import into it" }).click();
  await data.dialog.getByLabel("Or paths, one a line").fill(`"${more}"\n`);
  await expect(data.dialog.getByText("1 file,")).toBeVisible();
  await data.import(1);
  const difference = data.panel("Difference between versions");
  await expect(difference).toContainText("8 bars added, 1 changed, 0 removed, in 4 symbols.");
  await expect(difference.getByRole("row", { name: /BBB 2018-02-01/ })).toContainText("close");
  expect(await page.title()).not.toBe("owned");
});

test("a path that leads nowhere, and a file from a stranger, are refused", async ({
  page,
  workspace,
}) => {
  const address = await workspace.address();
  const stranger = await fetch(new URL("/upload?name=bars.csv", address), {
    method: "POST",
    body: "symbol,date",
  });
  expect(stranger.status).toBe(403);
  await page.goto(address);
  const data = new DataPage(page);
  await new FramePage(page).open("Data");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await data.dialog.getByLabel("Or paths, one a line").fill(join(workspace.folder, "nowhere.csv"));
  await expect(data.dialog.getByText(/There is no file or folder/)).toBeVisible();
  await expect(data.dialog.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
});

/** As the step that trains tells of a trial, in the file that `run-step --events` writes. */
function trialLine(state: string, number: number): string {
  const score = state === "complete" ? 0.12 : null;
  const trial = { kind: "trial", number, engine: "ridge", params: { alpha: number }, seconds: 1 };
  return JSON.stringify({ ...trial, state, score, fold_scores: [] });
}
