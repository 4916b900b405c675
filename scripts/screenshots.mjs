// npm run screenshots -- --workspace DIR [--out DIR] [--route /ideas,/data …] [--size 1440x900,…]
// Pictures of the screens of a workspace, dark and light, to be looked at; the demo makes one that
// has something on each: npm run demo -- --keep --workspace DIR. Not a test.
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { browserLaunch } from "./prepare/browser.mjs";

/** Every screen, as the demo leaves it. */
const ROUTES = [
  "/ideas",
  "/ideas/new",
  "/ideas/volatility",
  ...["data", "features", "models", "backtest", "verdict", "deployment"].map(
    (tab) => `/ideas/volatility/${tab}`,
  ),
  ...["/data", "/data/demo", "/models", "/models/volatility/1"],
  ...["/deployments", "/deployments/volatility", "/stack", "/stack/engine"],
  ...["/settings", "/settings/environments", "/settings/network", "/settings/secrets"],
];

const { values } = parseArgs({
  options: {
    workspace: { type: "string" },
    out: { type: "string", default: "test-results/screenshots" },
    route: { type: "string", default: ROUTES.join(",") },
    size: { type: "string", default: "1440x900,1100x700" },
    theme: { type: "string", default: "dark,light" },
    wait: { type: "string", default: "1500" },
  },
});
if (!values.workspace) throw new Error("Which workspace? --workspace DIR, with its owner running.");

const record = path.join(values.workspace, "run", "owner.json");
const { port, token } = JSON.parse(readFileSync(record, "utf8"));
mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch(browserLaunch());
for (const size of values.size.split(",")) {
  const [width = 1440, height = 900] = size.split("x").map(Number);
  for (const theme of values.theme.split(",")) {
    const context = await browser.newContext({ viewport: { width, height } });
    await context.addInitScript(
      (scheme) => localStorage.setItem("mantine-color-scheme-value", scheme),
      theme,
    );
    const page = await context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") console.error(message.text());
    });
    page.on("pageerror", (error) => console.error(String(error)));
    await page.goto(`http://127.0.0.1:${port}/#token=${token}`);
    await page.getByRole("navigation").waitFor();
    for (const route of values.route.split(",")) {
      await page.evaluate(`location.assign(${JSON.stringify(`#${route}`)})`);
      await page.waitForTimeout(Number(values.wait));
      const name = `${route.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-/, "")}-${theme}-${size}.png`;
      await page.screenshot({ path: path.join(values.out, name) });
      console.log(path.join(values.out, name));
    }
    await context.close();
  }
}
await browser.close();
