import { clickThrice, countClicks, THREE_CLICKS_MS } from "../screens/pages/three-clicks.ts";
import { complaintsOf } from "../screens/workbench.ts";
import { expect, showPage, test } from "./window.ts";

test.setTimeout(THREE_CLICKS_MS);

test("three clicks of the keyboard lead to a live model in the desktop's built bundles", async ({
  desktop,
  page,
}) => {
  const complaints = complaintsOf(page);
  const { program } = desktop.start();
  await expect.poll(() => program.picture?.windows.length, { timeout: 40_000 }).toBe(1);
  await countClicks(page);
  await showPage(page, program);
  // The browser's test has the mouse.
  await clickThrice(page, "keyboard");

  // Electron's page goes with its program; the one in Chromium would go on talking to it.
  await page.close();
  expect(complaints, "errors in the window's console").toEqual([]);
  // What serves a model outlives the window.
  expect(await program.quit()).toBe(0);
  const deployments = JSON.parse(await desktop.workspace.cli("deployments", "--json"));
  expect(deployments).toMatchObject([{ state: "live" }]);
});
