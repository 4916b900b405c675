import { expect, type Page } from "@playwright/test";

/** The demo's five years of prices on the real engine: this long a run and a deployment may take. */
export const THREE_CLICKS_MS = 900_000;

/** Before the page is opened. */
export async function countClicks(page: Page): Promise<void> {
  await page.addInitScript(
    "window.clicks = 0; addEventListener('click', () => { window.clicks += 1; }, true);",
  );
}

/** From the Ideas screen of an empty workspace to a live model, with three clicks and no more. */
export async function clickThrice(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  for (const name of ["New idea", "Test", "Deploy"]) {
    const button = page.getByRole("button", { name, exact: true });
    // A click on what cannot be done yet would be one too many.
    await expect(button).not.toHaveAttribute("aria-disabled", "true", { timeout: 600_000 });
    await button.click();
  }
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 120_000 });
  expect(await page.evaluate("clicks")).toBe(3);
}
