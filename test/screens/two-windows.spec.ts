import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { expect, test } from "./workbench.ts";

const railCount = (page: Page, screen: string) =>
  page.getByRole("navigation").getByRole("link", { name: screen, exact: true });

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
    await expect(railCount(window, "Data")).toHaveText("Data");
  }

  const idea = join(workspace.folder, "small.idea.yaml");
  await writeFile(idea, SMALL_IDEA);
  const panel = await writePanel(workspace.folder);
  const run = workspace.cli("run", idea, "--data", panel, "--json");
  for (const window of windows) {
    await expect(window.getByText("1 run at work")).toBeVisible({ timeout: 30_000 });
    await expect(railCount(window, "Data")).toHaveText("Data1", { timeout: 60_000 });
  }
  expect(JSON.parse(await run)).toMatchObject({ state: "done" });
  for (const window of windows) {
    await expect(window.getByText("Nothing runs")).toBeVisible();
    await expect(railCount(window, "Ideas")).toHaveText("Ideas1");
    await expect(railCount(window, "Models")).toHaveText("Models1");
  }
  await other.context().close();
});
