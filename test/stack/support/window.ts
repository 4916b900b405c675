import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { browserLaunch } from "../../../scripts/prepare/browser.mjs";
import type { CommandLine } from "../../e2e/command-line.ts";

/** A browser that shows a workspace, which is opened for it; whoever asked for it closes it. */
export async function openWindow(cli: CommandLine): Promise<Page> {
  await cli.json("runs");
  const owner = JSON.parse(readFileSync(join(cli.workspace, "run", "owner.json"), "utf8"));
  const browser = await chromium.launch(browserLaunch());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://127.0.0.1:${owner.port}/#token=${owner.token}`);
  return page;
}
