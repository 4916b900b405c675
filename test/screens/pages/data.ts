import type { Locator, Page } from "@playwright/test";

/** The list of data sets, one data set, and the dialog that imports. */
export class DataPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  panel(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  async chooseFile(file: string): Promise<void> {
    await this.dialog.locator('input[type="file"]').setInputFiles(file);
  }

  /** Says which column of the source plays a role. */
  async chooseColumn(role: string, column: string): Promise<void> {
    await this.dialog.getByRole("combobox", { name: role, exact: true }).click();
    await this.page.getByRole("option", { name: column, exact: true }).click();
  }

  /** Begins the import, and waits until it is read and checked. */
  async import(version: number): Promise<void> {
    await this.dialog.getByRole("button", { name: "Import", exact: true }).click();
    await this.dialog.waitFor({ state: "hidden" });
    const ended = this.page.getByText(`imported and checked: version ${version}`);
    await ended.waitFor({ timeout: 90_000 });
  }
}
