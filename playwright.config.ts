import { defineConfig } from "@playwright/test";
import { browserLaunch } from "./scripts/prepare/browser.mjs";

export default defineConfig({
  outputDir: "test-results/screens",
  // Each test has a workspace, an engine and a browser of its own.
  workers: 1,
  timeout: 180_000,
  // Chromium drops even loopback requests when the machine's network interfaces change, as Docker
  // changes them. What passed only the second time is told as flaky.
  retries: process.env.CI ? 1 : 0,
  expect: { timeout: 10_000 },
  reporter: [[process.env.CI ? "line" : "list"], ["./test/screens/closing-line.ts"]],
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: browserLaunch(),
  },
  projects: [
    { name: "screens", testDir: "test/screens" },
    { name: "electron", testDir: "test/electron" },
  ],
});
