// npm run screenshots -- --workspace DIR [--out DIR] [--route /ideas]… [--size 1440x900,…]
// Pictures of the screens of a workspace, dark and light, to be looked at; the demo makes one that
// has something on each: npm run demo -- --keep --workspace DIR. With `--name empty`, of an empty one,
// its pictures are told apart. Not a test.
import { execFileSync } from "node:child_process";
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
  // Those two runs of the workspace that are the newest.
  "/ideas/compare/RUNS",
  ...["/data", "/data/demo", "/models", "/models/volatility/1"],
  ...["/deployments", "/deployments/volatility", "/stack", "/stack/engine"],
  ...["", "/environments", "/network", "/secrets", "/about"].map((page) => `/settings${page}`),
];

const { values } = parseArgs({
  options: {
    workspace: { type: "string" },
    out: { type: "string", default: "test-results/screenshots" },
    route: { type: "string", multiple: true, default: ROUTES },
    name: { type: "string", default: "" },
    size: { type: "string", default: "1440x900,1100x700" },
    theme: { type: "string", default: "dark,light" },
    wait: { type: "string", default: "1500" },
  },
});
if (!values.workspace) throw new Error("Which workspace? --workspace DIR, with its owner running.");

/** @param {string} route */
function addressOf(route) {
  if (!route.endsWith("/RUNS")) return route;
  const cli = path.join(import.meta.dirname, "../main/shells/cli/main.ts");
  const asked = [cli, "runs", "--json", "--workspace", String(values.workspace)];
  const runs = JSON.parse(execFileSync(process.execPath, asked, { encoding: "utf8" }));
  return route.replace("RUNS", `${runs[0].run},${runs[1].run}`);
}

const record = path.join(values.workspace, "run", "owner.json");
const { port, token } = JSON.parse(readFileSync(record, "utf8"));
const pictured = values.route.map((route) => ({ route, address: addressOf(route) }));
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
    for (const { route, address } of pictured) {
      await page.evaluate(`location.assign(${JSON.stringify(`#${address}`)})`);
      await page.waitForTimeout(Number(values.wait));
      const words = [values.name, ...route.split(/[^a-z0-9]+/), theme, size];
      const name = `${words.filter((word) => word !== "").join("-")}.png`;
      await page.screenshot({ path: path.join(values.out, name) });
      console.log(path.join(values.out, name));
    }
    await context.close();
  }
}
await browser.close();
