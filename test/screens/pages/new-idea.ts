import type { Locator, Page } from "@playwright/test";

/** The form of an idea with its YAML beside it. */
export class NewIdeaScreen {
  readonly page: Page;
  readonly editor: Locator;
  readonly yaml: Locator;
  readonly test: Locator;

  constructor(page: Page) {
    this.page = page;
    this.editor = page.getByRole("region", { name: "YAML" });
    this.yaml = page.getByRole("textbox", { name: "The idea as YAML" });
    this.test = page.getByRole("button", { name: "Test", exact: true });
  }

  field(group: string, name: string): Locator {
    return this.page
      .getByRole("region", { name: group, exact: true })
      .getByLabel(name, { exact: true });
  }

  template(name: string): Locator {
    return this.page.getByRole("radio", { name });
  }

  /** Puts the cursor behind a piece of the text that stands on a line of its own. */
  async clickEndOf(line: string): Promise<void> {
    await this.yaml.locator(".cm-line", { hasText: line }).first().click();
    await this.page.keyboard.press("End");
  }
}
