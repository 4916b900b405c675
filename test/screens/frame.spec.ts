import { expect, test } from "./workbench.ts";

test("a new workspace opens on its ideas, and each screen of the rail opens", async ({
  page,
  workspace,
}) => {
  await page.goto(await workspace.address());
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  expect(page.url()).not.toContain("token");
  for (const screen of ["Data", "Models", "Deployments", "Stack", "Settings", "Ideas"]) {
    await page.getByRole("navigation").getByRole("link", { name: screen, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: screen })).toBeVisible();
  }
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
});
