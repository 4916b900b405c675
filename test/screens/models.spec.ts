import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { expectAccessible } from "./accessibility.ts";
import { DeploymentsPage } from "./pages/deployments.ts";
import { FramePage } from "./pages/frame.ts";
import { ModelsPage } from "./pages/models.ts";
import { expect, test } from "./workbench.ts";

test("versions are compared and promoted; one is served, asked and stopped", async ({
  page,
  workspace,
}) => {
  test.setTimeout(400_000);
  const prices = await writePanel(workspace.folder);
  const runOf = async (yaml: string): Promise<string> => {
    const file = join(workspace.folder, "small.idea.yaml");
    await writeFile(file, yaml);
    return JSON.parse(await workspace.cli("run", file, "--data", prices, "--json")).run;
  };
  await page.goto(await workspace.address());
  const frame = new FramePage(page);
  const models = new ModelsPage(page);
  await frame.open("Models");
  await expect(page.getByText("Each idea that is tested to its end")).toBeVisible();
  await expectAccessible(page, "no models");
  await frame.open("Deployments");
  await expect(page.getByText("A model that you deploy appears here")).toBeVisible();
  await expectAccessible(page, "no deployments");

  // What the command line does appears in the window.
  await frame.open("Models");
  const run = await runOf(SMALL_IDEA);
  await expect(models.version("small", "1")).toBeVisible({ timeout: 20_000 });
  await runOf(SMALL_IDEA.replace("horizon: 5", "horizon: 10"));
  await expect(models.version("small", "2")).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page, "the models");

  await models.version("small", "1").click();
  await expect(frame.title).toHaveText("small v1");
  await expect(models.panel("Lineage").getByText("Small volatility idea")).toBeVisible();
  await expect(models.panel("Tags").getByRole("row").filter({ hasText: run })).toBeVisible();
  await models.promote();
  await expect(page.getByText("@champion")).toBeVisible();
  await expect(page.getByRole("button", { name: "Champion" })).toBeDisabled();
  await expectAccessible(page, "a model");

  await page.getByRole("combobox", { name: "Compare with" }).click();
  await page.getByRole("option", { name: "small v2" }).click();
  await expect(frame.title).toHaveText("small v1 against small v2");
  const different = models.panel("What is different").first();
  await expect(different.getByRole("row").filter({ hasText: "target.horizon" })).toContainText(
    /5.*10/,
  );
  await expectAccessible(page, "a comparison");

  await workspace.cli("deploy", run, "--against-verdict", "the screens' test serves it");
  await frame.open("Deployments");
  const deployments = new DeploymentsPage(page);
  const row = deployments.panel("Deployments").getByRole("row").filter({ hasText: "small v1" });
  await expect(row).toContainText("Live");
  const { verdict } = JSON.parse(await workspace.cli("runs", "show", run, "--json"));
  const against = `against “${verdict}”: the screens' test serves it`;
  await expect(row).toContainText(verdict === "deploy" ? "deploy" : against);
  await expectAccessible(page, "the deployments");
  await row.click();
  await expect(page.getByText(against)).toHaveCount(verdict === "deploy" ? 0 : 1);
  const endpoint = deployments.panel("Endpoint");
  await expect(endpoint).toContainText("/v2/models/small/infer");
  await expect(endpoint).toContainText("Bearer $BREADTHFLOW_TOKEN");
  const form = deployments.panel("Try a prediction");
  const feature = await form.getByRole("textbox").nth(1).getAttribute("aria-label");
  const answer = await deployments.predict(feature ?? "", "0.5");
  await expect(answer).toContainText(/^-?\d+\.\d+prediction in \d+\.\d ms$/);
  await expect(deployments.panel("Last requests").first()).toContainText("200");
  await expect(deployments.panel("Requests a second")).toContainText("none failed");
  await expectAccessible(page, "a deployment");
  await deployments.stop();
  await expect(page.getByText("Stopped")).toBeVisible();
  await expect(endpoint).toContainText("while it is live");
});
