import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { expectAccessible } from "./accessibility.ts";
import { IdeaScreen, TABS } from "./pages/idea.ts";
import { type OpenWorkspace, expect as strict, test } from "./workbench.ts";

// The engine trains on the same cores that draw the window.
const expect = strict.configure({ timeout: 60_000 });

/** A search that is long enough to be looked at, and short enough to be waited for. */
const SEARCHING_IDEA = SMALL_IDEA.replace(
  "trials: 4, budget_seconds: 30",
  "trials: 5000, budget_seconds: 45",
);

const LONG = 120_000;

async function startBeside(workspace: OpenWorkspace, yaml: string): Promise<Promise<string>[]> {
  const file = join(workspace.folder, "small.idea.yaml");
  await writeFile(file, yaml);
  const panel = await writePanel(workspace.folder);
  // In a list, so that awaiting this does not await the run.
  const run = workspace.cli("run", file, "--data", panel, "--json");
  run.catch(() => undefined);
  return [run];
}

test("a run of the command line is followed, cancelled, resumed and deployed in the window", async ({
  browser,
  page,
  workspace,
}) => {
  test.setTimeout(600_000);
  const address = await workspace.address();
  await page.goto(address);
  await startBeside(workspace, SEARCHING_IDEA);
  const idea = new IdeaScreen(page);
  await expect(page.getByText("1 run at work")).toBeVisible({ timeout: LONG });
  await idea.open("small");

  await test.step("trials stream in while the search goes on", async () => {
    await expect(idea.banner).toContainText("Testing");
    await expect(idea.button("Deploy")).toHaveAttribute("aria-disabled", "true");
    await expect(idea.step("Train")).toHaveAccessibleName(/running/, { timeout: LONG });
    await expect(idea.tab("Models")).toHaveAttribute("aria-selected", "true");
    const trials = idea.content.getByRole("region", { name: "Trials" });
    await expect(trials.first()).toContainText(/[1-9]\d* of 5000 at most/, { timeout: LONG });
  });

  await test.step("it is cancelled, which every step says", async () => {
    await idea.button("Cancel").click();
    await expect(idea.banner).toContainText("This run was cancelled", { timeout: LONG });
    await expect(idea.step("Features")).toHaveAccessibleName(/done/);
    await expect(idea.step("Train")).toHaveAccessibleName(/cancelled/);
    await expect(idea.step("Judge")).toHaveAccessibleName(/skipped/);
    await idea.tab("Backtest").click();
    await expect(idea.content).toContainText("This run ended before its step Backtest");
  });

  await test.step("it goes on where it stopped, to its verdict", async () => {
    await idea.button("Resume").click();
    await expect(idea.step("Features")).toHaveAccessibleName(/cached/, { timeout: LONG });
    await expect(idea.step("Register")).toHaveAccessibleName(/done/, { timeout: 240_000 });
    await expect(idea.banner).toContainText(/deploy|watch|reject/i);
    await page.getByRole("button", { name: "Why?" }).click();
    await expect(idea.tab("Verdict")).toHaveAttribute("aria-selected", "true");
    await expect(idea.content).toContainText("Rank IC above zero");
    const leaks = idea.content.getByRole("region", { name: "Tests for leaks" });
    await expect(leaks.first()).toContainText("No feature sees the future");
    await idea.tab("Validation").click();
    await expect(idea.content).toContainText("White's reality check");
  });

  await test.step("a step tells what it was told, left and said", async () => {
    await idea.step("Select").click();
    const details = page.getByRole("dialog");
    await expect(details).toContainText("max_features");
    await expect(details).toContainText("cache/select/");
    await expect(details.getByRole("region", { name: "Log of Select" })).toContainText("Ranking");
    await page.keyboard.press("Escape");
    await expect(details).toBeHidden();
  });

  await test.step("each tab tells its part, in both themes, to everyone", async () => {
    for (const name of TABS) {
      await idea.tab(name).click();
      await expect(idea.content.getByText("Loading")).toHaveCount(0);
      await expectAccessible(page, name);
    }
  });

  await test.step("two windows deploy at once, and one deployment is live", async () => {
    const other = await (await browser.newContext()).newPage();
    await other.goto(address);
    const windows = [idea, new IdeaScreen(other)];
    await windows[1]?.open("small");
    for (const window of windows) {
      await window.button("Deploy").click();
      const reason = window.page.getByRole("textbox", { name: /Why deploy/ });
      await expect(window.page.getByRole("tab", { name: "Deployment" })).toBeVisible();
      const isAdvised = (await window.banner.textContent())?.startsWith("deploy");
      if (!isAdvised) {
        const against = window.button("Deploy against the verdict");
        await reason.fill("too short");
        await expect(against).toBeDisabled();
        await expectAccessible(window.page, "a reason is asked for");
        await reason.fill("A test of two windows asks for it.");
      }
    }
    for (const window of windows) {
      const against = window.button("Deploy against the verdict");
      if (await against.isVisible()) await against.click();
    }
    for (const window of windows) {
      await expect(window.content.getByText("Live", { exact: true })).toBeVisible({
        timeout: LONG,
      });
    }
    await idea.button("Ask for a prediction").click();
    await expect(idea.content).toContainText('"data"');
    const list = JSON.parse(await workspace.cli("deployments", "--json"));
    expect(list).toHaveLength(1);
    await expectAccessible(page, "a live deployment");
    await other.context().close();
  });
});

test("a run whose engine dies comes to its end, or says what to do", async ({
  page,
  workspace,
}) => {
  test.setTimeout(600_000);
  await page.goto(await workspace.address());
  await startBeside(workspace, SEARCHING_IDEA);
  const idea = new IdeaScreen(page);
  await expect(page.getByText("1 run at work")).toBeVisible({ timeout: LONG });
  await idea.open("small");
  await expect(idea.step("Train")).toHaveAccessibleName(/running/, { timeout: LONG });
  const { services } = JSON.parse(await workspace.cli("doctor", "--json"));
  const engine = services.find(({ name }: { name: string }) => name === "engine");
  process.kill(engine.pid, "SIGKILL");

  const retry = idea.button("Retry from here");
  await expect(idea.step("Register").or(retry).first()).toBeVisible();
  await expect(async () => {
    const told = (await idea.step("Register").textContent()) ?? "";
    expect((await retry.isVisible()) || told.endsWith("done")).toBe(true);
  }).toPass({ timeout: 300_000 });
  if (await retry.isVisible()) {
    await expect(page.getByRole("alert")).not.toBeEmpty();
    await idea.button("Show the log").click();
    await expect(page.getByRole("dialog")).toContainText("failed");
    await page.keyboard.press("Escape");
    await retry.click();
  }
  await expect(idea.step("Register")).toHaveAccessibleName(/done/, { timeout: 300_000 });
  await expect(idea.banner).toContainText(/deploy|watch|reject/i);
});
