import type { Locator, Page } from "@playwright/test";

export const TABS = [
  "Data",
  "Features",
  "Models",
  "Validation",
  "Backtest",
  "Verdict",
  "Deployment",
] as const;

/** The screen of one idea. */
export class IdeaScreen {
  readonly page: Page;
  /** How the run stands, in a sentence. */
  readonly banner: Locator;
  readonly steps: Locator;

  constructor(page: Page) {
    this.page = page;
    this.banner = page.getByRole("region", { name: "How the run stands" });
    this.steps = page.getByRole("list", { name: "Steps" });
  }

  async open(idea: string): Promise<void> {
    await this.page.evaluate(`location.assign("#/ideas/${idea}")`);
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  step(name: string): Locator {
    return this.steps.getByRole("button", { name: new RegExp(`^${name}`) });
  }

  tab(name: (typeof TABS)[number]): Locator {
    return this.page.getByRole("tab", { name });
  }

  /** What the tab in front shows. */
  get content(): Locator {
    return this.page.getByRole("tabpanel");
  }
}
