import type { Locator, Page } from "@playwright/test";

export class DeploymentsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  panel(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** Asks the deployment with one feature changed, and returns its answer. */
  async predict(feature: string, value: string): Promise<Locator> {
    const form = this.panel("Try a prediction");
    await form.getByRole("textbox", { name: feature, exact: true }).fill(value);
    await form.getByRole("button", { name: "Predict" }).click();
    return form.getByRole("status");
  }

  async stop(): Promise<void> {
    await this.page.getByRole("button", { name: "Stop", exact: true }).click();
    await this.page.getByRole("button", { name: "Stop it" }).click();
  }
}
