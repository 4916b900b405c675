import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

/** Its packages come from the cache of the set-up that the tests began with. */
const MADE = { timeout: 300_000 };

test.skip(
  Boolean(process.env.BREADTHFLOW_ENVIRONMENTS),
  "The environments are kept by somebody else, whose they are to change.",
);

test("an environment is removed, installed and repaired from the settings", async ({
  page,
  workspace,
}) => {
  test.setTimeout(900_000);
  await page.goto(await workspace.address());
  await new FramePage(page).open("Settings");
  await page.getByRole("tab", { name: "Engine environments" }).click();
  // The smallest, which nothing uses while no model is live.
  const serving = page.getByRole("row").filter({ hasText: "serving" });
  await expect(serving).toContainText("installed");
  await expect(serving).toContainText(/\d+ MB/, { timeout: 60_000 });

  await test.step("removing it asks first, and frees its space", async () => {
    await serving.getByRole("button", { name: "Remove serving" }).click();
    const question = page.getByRole("dialog", { name: "Remove serving" });
    await expect(question).toContainText(/This frees \d+ MB/);
    await question.getByRole("button", { name: "Keep it" }).click();
    await expect(question).toBeHidden();
    await expect(serving).toContainText("installed");
    await serving.getByRole("button", { name: "Remove serving" }).click();
    await question.getByRole("button", { name: "Remove it" }).click();
    await expect(serving).toContainText("not installed", { timeout: 60_000 });
    await expect(serving).not.toContainText("MB");
  });

  await test.step("installing it tells what is being done", async () => {
    await serving.getByRole("button", { name: "Install serving" }).click();
    await expect(serving.getByRole("status")).toContainText(/serving: /, { timeout: 60_000 });
    await expect(serving.getByRole("button")).toHaveCount(0);
    await expect(serving.getByRole("button", { name: "Repair serving" })).toBeVisible(MADE);
    await expect(serving).toContainText(/\d+ MB/, { timeout: 60_000 });
  });

  await test.step("repairing it makes it anew", async () => {
    await serving.getByRole("button", { name: "Repair serving" }).click();
    const question = page.getByRole("dialog", { name: "Repair serving" });
    await question.getByRole("button", { name: "Repair it" }).click();
    await expect(serving.getByRole("status")).not.toBeEmpty();
    await expect(serving.getByRole("button", { name: "Repair serving" })).toBeVisible(MADE);
    await expect(serving).toContainText("installed");
  });
});
