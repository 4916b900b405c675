import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { buildReport } from "../../main/report/build-report.ts";
import { reportInput } from "../unit/report/fixture.ts";
import { LEVELS } from "./accessibility.ts";
import { pagesOf } from "./pdf.ts";

/** A4 at 96 pixels an inch, less the margins that the report's style asks for. */
const SHEET = { width: Math.round(((210 - 28) / 25.4) * 96), height: 1123 };

/** A report as a file on its own, opened without a network. */
const test = base.extend<{ address: string }>({
  address: async ({ page, context }, use) => {
    const folder = await mkdtemp(join(tmpdir(), "breadthflow-report-"));
    const file = join(folder, "report.html");
    await writeFile(file, buildReport(reportInput()));
    const faults: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("request", (request) => {
      if (!/^(?:file|data|blob):/.test(request.url())) faults.push(request.url());
    });
    await context.setOffline(true);
    await page.goto(pathToFileURL(file).href);
    await use(pathToFileURL(file).href);
    await rm(folder, { recursive: true, force: true });
    expect(faults, "what the report asked for, or said, that it should not").toEqual([]);
  },
});

test("opens offline, in the reader's theme, and every chart is drawn in both", async ({
  page,
  address: _,
}) => {
  const charts = page.locator(".chart");
  const many = await charts.count();
  expect(many).toBeGreaterThan(15);
  for (const theme of ["light", "dark"]) {
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await expect(page.locator(".chart .main-svg:first-child")).toHaveCount(many);
    // A chart is one image with a name; what it is made of is nobody's to read.
    const words = new AxeBuilder({ page }).withTags(LEVELS).exclude(".chart");
    const { violations } = await words.analyze();
    const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect(found, `the ${theme} theme`).toEqual([]);
    await page.getByRole("button", { name: "Light or dark" }).click();
  }
});

test("prints every chart on sheets of which none is empty, and is as before afterwards", async ({
  page,
  address: _,
}) => {
  await expect(page.locator(".chart .main-svg").first()).toBeVisible();
  // After the report's own listener, which stands first: what it made of each chart.
  await page.evaluate(() => {
    const seen: { id: string; width: number; height: number; marks: number }[] = [];
    Object.assign(globalThis, { seen });
    addEventListener("beforeprint", () => {
      for (const chart of document.querySelectorAll<HTMLElement>(".chart")) {
        const { width = 0, height = 0 } =
          chart.querySelector(".main-svg")?.getBoundingClientRect() ?? {};
        const marks = chart.querySelectorAll("path, rect, image").length;
        seen.push({ id: chart.id, width, height, marks });
      }
    });
  });
  const before = await sizes();
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const printed = await page.evaluate(
    () =>
      (
        globalThis as unknown as {
          seen: { id: string; width: number; height: number; marks: number }[];
        }
      ).seen,
  );
  expect(printed.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  for (const { id, width, height, marks } of printed) {
    expect(width, id).toBeGreaterThan(300);
    expect(width, id).toBeLessThanOrEqual(SHEET.width);
    expect(height, id).toBeGreaterThan(40);
    expect(height, id).toBeLessThan(SHEET.height / 2);
    expect(marks, id).toBeGreaterThan(3);
  }
  const pages = pagesOf(pdf);
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.length).toBeLessThan(25);
  for (const [number, { texts, paths }] of pages.entries()) {
    expect(texts + paths, `what page ${number + 1} holds`).toBeGreaterThan(20);
  }
  expect(await sizes()).toEqual(before);

  function sizes() {
    return page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".chart")].map(({ id, clientHeight }) => ({
        id,
        height: clientHeight,
      })),
    );
  }
});
