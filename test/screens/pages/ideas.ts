import type { Locator, Page } from "@playwright/test";

/** The list of ideas. */
export class IdeasScreen {
  readonly page: Page;
  readonly search: Locator;

  constructor(page: Page) {
    this.page = page;
    this.search = page.getByRole("textbox", { name: "Search ideas" });
  }

  async open(): Promise<void> {
    await this.page.evaluate('location.assign("#/ideas")');
    await this.page.getByRole("heading", { level: 1, name: "Ideas", exact: true }).waitFor();
  }

  card(name: string): Locator {
    return this.page.getByRole("article", { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async act(idea: string, action: string): Promise<void> {
    await this.page.getByRole("button", { name: `Actions for ${idea}`, exact: true }).click();
    await this.page.getByRole("menuitem", { name: action, exact: true }).click();
  }

  /** Lets go of files over the window, as somebody who dragged them there. */
  async drop(...files: { name: string; text: string }[]): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      `(() => {
        const transfer = new DataTransfer();
        for (const { name, text } of ${JSON.stringify(files)}) {
          transfer.items.add(new File([text], name, { type: "application/yaml" }));
        }
        return transfer;
      })()`,
    );
    const page = this.page.locator("body");
    await page.dispatchEvent("dragenter", { dataTransfer: transfer });
    const field = this.page.getByLabel("Drop files");
    await field.waitFor({ state: "attached" });
    await field.dispatchEvent("drop", { dataTransfer: transfer });
  }

  notice(text: string | RegExp): Locator {
    return this.page.getByRole("alert").filter({ hasText: text });
  }
}
