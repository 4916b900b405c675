import { expectAccessible } from "./accessibility.ts";
import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

test("settings are kept, refused by their field, and a secret is never shown", async ({
  page,
  workspace,
}) => {
  await page.goto(await workspace.address());
  const frame = new FramePage(page);
  await frame.open("Settings");
  await page.getByText("Light", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "light");
  await expect(page.getByText(workspace.folder).first()).toBeVisible();
  await expectAccessible(page, "general settings");

  await page.getByRole("tab", { name: "Engine environments" }).click();
  const core = page.getByRole("row").filter({ hasText: "core" });
  await expect(core).toContainText("installed");
  await expectAccessible(page, "the environments");

  await page.getByRole("tab", { name: "Network" }).click();
  await page.getByLabel("HTTP proxy").fill("no address");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("This must be an address such as")).toBeVisible();
  await expectAccessible(page, "the network's settings, one of them at fault");
  await page.getByLabel("HTTP proxy").fill("");
  await page.getByLabel("CA certificate").fill("/none/company.pem");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("There is no file /none/company.pem.")).toBeVisible();
  await page.getByLabel("CA certificate").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Kept. Programs started from now on use it.")).toBeVisible();

  await page.getByRole("tab", { name: "Secrets" }).click();
  await page.getByRole("button", { name: "Replace endpoint" }).click();
  await page.getByLabel("New value").fill("short");
  await expect(page.getByText("At least 16 characters.")).toBeVisible();
  await page.getByLabel("New value").fill("a-value-of-my-own-making");
  await page.getByRole("button", { name: "Replace it" }).click();
  await expect(page.getByText("endpoint is replaced.")).toBeVisible();
  await expect(page.getByText("a-value-of-my-own-making")).toHaveCount(0);
  await expectAccessible(page, "the secrets");

  await page.getByRole("tab", { name: "Licences" }).click();
  await page.getByLabel("Search packages and licences").fill("polars");
  await expect(page.getByRole("row").filter({ hasText: "polars" }).first()).toContainText("MIT");
  await expectAccessible(page, "the licences");

  await page.getByRole("tab", { name: "About" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save diagnostics" }).click();
  expect((await download).suggestedFilename()).toMatch(/^breadthflow-diagnostics-.*\.json$/);
  await expectAccessible(page, "what this is, and what it found");
});

test("the palette and the keyboard reach every screen", async ({ page, workspace }) => {
  await page.goto(await workspace.address());
  const frame = new FramePage(page);
  await expect(frame.title).toHaveText("Ideas");
  await frame.find("mlflow");
  await expect(frame.title).toHaveText("mlflow");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(frame.title).toHaveText("Data");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectAccessible(page, "the sheet of shortcuts");
  await page.keyboard.press("Escape");
  // The keys that open the palette would close one that is still going.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("button", { name: "New idea" })).toBeVisible();
  await expectAccessible(page, "the palette");
  await page.keyboard.press("Escape");
  // The keys that open the palette would close one that is still going.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await frame.find("Use the light theme");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "light");
});
