import { expect, test } from "./workbench.ts";

// The whole path on the real engine and the demo's five years of prices.
test.setTimeout(900_000);

test("three clicks lead from an empty workspace to a live model", async ({ page, workspace }) => {
  await page.addInitScript(
    "window.clicks = 0; addEventListener('click', () => { window.clicks += 1; }, true);",
  );
  await page.goto(await workspace.address());
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  for (const name of ["New idea", "Test", "Deploy"]) {
    const button = page.getByRole("button", { name, exact: true });
    // A click on what cannot be done yet would be one too many.
    await expect(button).not.toHaveAttribute("aria-disabled", "true", { timeout: 600_000 });
    await button.click();
  }
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 120_000 });
  expect(await page.evaluate("clicks")).toBe(3);
  const deployments = JSON.parse(await workspace.cli("deployments", "--json"));
  expect(deployments).toMatchObject([{ state: "live" }]);
});
