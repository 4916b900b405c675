import type { Locator, Page } from "@playwright/test";

export class ModelsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  panel(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** The row of a version in the list. */
  version(name: string, version: string): Locator {
    return this.panel("Registered versions")
      .first()
      .getByRole("row")
      .filter({
        hasText: `${name} v${version}`,
      });
  }

  async promote(): Promise<void> {
    await this.page.getByRole("button", { name: "Promote" }).click();
    await this.page.getByRole("button", { name: "Make it the champion" }).click();
  }
}
