import { defineConfig } from "@playwright/test";

/** Debian's Chromium, or the one that `BREADTHFLOW_CHROMIUM` names: Playwright brings none here. */
const executablePath = process.env.BREADTHFLOW_CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "test/screens",
  outputDir: "test-results/screens",
  // Each test has a workspace, an engine and a browser of its own.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? "line" : "list",
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: { executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] },
  },
});
