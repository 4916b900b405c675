import { clickThrice, countClicks, THREE_CLICKS_MS } from "./pages/three-clicks.ts";
import { expect, test } from "./workbench.ts";

test.setTimeout(THREE_CLICKS_MS);

test("three clicks lead from an empty workspace to a live model", async ({ page, workspace }) => {
  await countClicks(page);
  await page.goto(await workspace.address());
  await clickThrice(page);
  const deployments = JSON.parse(await workspace.cli("deployments", "--json"));
  expect(deployments).toMatchObject([{ state: "live" }]);
});
