import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { expect, test } from "./workbench.ts";

const drawnCount = (page: Page, screen: string) =>
  page
    .getByRole("navigation")
    .getByRole("link", { name: screen, exact: true })
    .locator("[data-count]");

test("two windows and the command line stay in step on one workspace", async ({
  browser,
  page,
  workspace,
}) => {
  const address = await workspace.address();
  const other = await (await browser.newContext()).newPage();
  const windows = [page, other];
  for (const window of windows) {
    await window.goto(address);
    await expect(window.getByText("Nothing runs")).toBeVisible();
    await expect(drawnCount(window, "Data")).toHaveCount(0);
  }

  const idea = join(workspace.folder, "small.idea.yaml");
  await writeFile(idea, SMALL_IDEA);
  const panel = await writePanel(workspace.folder);
  const run = workspace.cli("run", idea, "--data", panel, "--json");
  for (const window of windows) {
    await expect(window.getByText("1 run at work")).toBeVisible({ timeout: 30_000 });
    await expect(drawnCount(window, "Data")).toHaveAttribute("data-count", "1", {
      timeout: 60_000,
    });
  }
  expect(JSON.parse(await run)).toMatchObject({ state: "done" });
  for (const window of windows) {
    await expect(window.getByText("Nothing runs")).toBeVisible();
    await expect(drawnCount(window, "Ideas")).toHaveAttribute("data-count", "1");
    await expect(drawnCount(window, "Models")).toHaveAttribute("data-count", "1");
  }
  await other.context().close();
});
