import { expect, type Locator, type Page } from "@playwright/test";

/** The demo's five years of prices on the real engine: this long a run and a deployment may take. */
export const THREE_CLICKS_MS = 900_000;

/** Far more than a screen has that can be focused. */
const MOST_TABS = 200;

/** Before the page is opened. */
export async function countClicks(page: Page): Promise<void> {
  await page.addInitScript(
    "window.clicks = 0; addEventListener('click', () => { window.clicks += 1; }, true);",
  );
}

/**
 * From the Ideas screen of an empty workspace to a live model, with three clicks and no more.
 *
 * @param by with the keyboard, a click is Tab to the button and Enter
 */
export async function clickThrice(page: Page, by: "mouse" | "keyboard" = "mouse"): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  for (const name of ["New idea", "Test", "Deploy"]) {
    const button = page.getByRole("button", { name, exact: true });
    // A click on what cannot be done yet would be one too many.
    await expect(button).not.toHaveAttribute("aria-disabled", "true", { timeout: 600_000 });
    if (by === "mouse") await button.click();
    else {
      await tabTo(page, button);
      await page.keyboard.press("Enter");
    }
  }
  await expect(page.getByText("Live", { exact: true })).toBeVisible({ timeout: 120_000 });
  expect(await page.evaluate("clicks")).toBe(3);
}

/** Goes on with Tab alone until the focus is there, wherever it is now, and sees that it is shown. */
export async function tabTo(page: Page, button: Locator): Promise<void> {
  for (let presses = 0; presses < MOST_TABS; presses += 1) {
    await page.keyboard.press("Tab");
    if (await button.evaluate((element) => element === document.activeElement)) {
      await expect(button).not.toHaveCSS("outline-style", "none");
      return;
    }
  }
  throw new Error(`${MOST_TABS} times Tab do not lead to ${button}`);
}
