import type { Locator, Page } from "@playwright/test";

/** What stands around every screen. */
export class FramePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(screen: string): Promise<void> {
    const rail = this.page.getByRole("navigation", { name: "Screens" });
    await rail.getByRole("link", { name: screen, exact: true }).click();
    await this.page.getByRole("heading", { level: 1, name: screen }).waitFor();
  }

  /** Opens the palette, types, and takes the first thing found. */
  async find(text: string): Promise<void> {
    await this.page.keyboard.press("Control+k");
    const field = this.page.getByPlaceholder("Find an idea, a model, a service, an action").last();
    await field.fill(text);
    await this.page.getByRole("dialog").getByRole("button", { name: text }).first().waitFor();
    await field.press("Enter");
  }

  get title(): Locator {
    return this.page.getByRole("heading", { level: 1 });
  }
}
