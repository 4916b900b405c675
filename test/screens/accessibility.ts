import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

export const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** No violation of WCAG level A or AA on what is shown now, in the dark and in the light theme. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const theme of ["dark", "light"]) {
    await page.evaluate(
      `document.documentElement.setAttribute("data-mantine-color-scheme", "${theme}")`,
    );
    // Colours that are still on their way from the other theme have no contrast of their own.
    await page.waitForTimeout(250);
    const { violations } = await new AxeBuilder({ page }).withTags(LEVELS).analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`,
    );
    expect(found, `${what}, ${theme}`).toEqual([]);
  }
}
