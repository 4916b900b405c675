import type { Locator, Page } from "@playwright/test";
import { SMALL_IDEA } from "../e2e/panel.ts";
import { expectAccessible } from "./accessibility.ts";
import { writeJudged } from "./judged.ts";
import { FramePage } from "./pages/frame.ts";
import { IdeaScreen } from "./pages/idea.ts";
import { IdeasScreen } from "./pages/ideas.ts";
import { expect as strict, test } from "./workbench.ts";

// Several windows may be drawn by the same two cores.
const expect = strict.configure({ timeout: 60_000 });

const idea = (id: string, data: string, tags: string) =>
  SMALL_IDEA.replace("id: small", `id: ${id}`)
    .replace(/^name: .*$/m, `name: ${id} idea\ntags: [${tags}]`)
    .replace("data: panel", `data: ${data}`);

test("the list is narrowed by verdict, tag and data set, one after the other and together", async ({
  page,
  workspace,
}) => {
  writeJudged(workspace, [
    { yaml: idea("alpha", "shares", "slow, robust"), verdict: "deploy" },
    { yaml: idea("beta", "shares", "slow"), verdict: "reject" },
    { yaml: idea("gamma", "coins", "robust"), verdict: "watch" },
    { yaml: idea("delta", "coins", "slow") },
  ]);
  await page.goto(await workspace.address());
  const shown = page.getByRole("article");
  await expect(shown).toHaveCount(4);

  await choose(page, "Verdict", "deploy (1)");
  await expect(shown).toHaveText([/alpha idea/]);
  await choose(page, "Verdict", "no verdict (1)");
  await expect(shown).toHaveText([/delta idea/, /alpha idea/]);
  await expectAccessible(page, "a list that is narrowed");
  const verdict = page.getByRole("combobox", { name: "Verdict", exact: true });
  for (const _ of ["no verdict", "deploy"]) await verdict.press("Backspace");
  await expect(shown).toHaveCount(4);

  await choose(page, "Tags", "slow (3)");
  await expect(shown).toHaveText([/delta idea/, /beta idea/, /alpha idea/]);
  await choose(page, "Data set", "shares (2)");
  await expect(shown).toHaveText([/beta idea/, /alpha idea/]);
  await choose(page, "Verdict", "watch (1)");
  await expect(page.getByText("No idea is like that.")).toBeVisible();
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(shown).toHaveCount(4);

  await test.step("narrowed as lines, it stays so while one is elsewhere", async () => {
    await page.getByRole("radiogroup", { name: "Show as" }).getByText("Table").click();
    await choose(page, "Tags", "robust (2)");
    await expect(page.getByRole("row").filter({ hasText: "idea" })).toHaveCount(2);
    await new FramePage(page).open("Data");
    await new IdeasScreen(page).open();
    await expect(page.getByRole("row").filter({ hasText: "idea" })).toHaveCount(2);
  });
});

test("an idea's run is compared with others that are added to it, one by one", async ({
  page,
  workspace,
}) => {
  writeJudged(workspace, [
    { yaml: idea("alpha", "shares", "slow"), verdict: "deploy" },
    { yaml: idea("beta", "coins", "slow"), verdict: "reject" },
    { yaml: idea("gamma", "coins", "slow"), verdict: "reject" },
    { yaml: idea("delta", "coins", "slow") },
  ]);
  await page.goto(await workspace.address());
  await new IdeaScreen(page).open("alpha");
  const frame = new FramePage(page);
  await expect(frame.title).toHaveText("alpha idea");
  await page.getByRole("button", { name: /^run 1 / }).click();
  await page.getByRole("menuitem", { name: "All runs" }).click();
  const all = page.getByRole("dialog", { name: "Runs of alpha idea" });
  await expect(all.getByRole("row")).toHaveCount(2);
  await expectAccessible(page, "all runs");
  await page.keyboard.press("Escape");
  await expect(all).toBeHidden();

  await page.getByRole("button", { name: /^run 1 / }).click();
  await page.getByRole("menuitem", { name: "Compare with…" }).click();
  await expect(page.getByText("Run 1 of alpha idea is chosen.")).toBeVisible();
  await expectAccessible(page, "a comparison that waits");
  const add = page.getByRole("combobox", { name: "Add an idea" });
  await add.click();
  // Neither the one that is chosen nor one without a verdict.
  await expect(page.getByRole("option")).toHaveText(["gamma idea", "beta idea"]);
  await add.fill("bet");
  await page.getByRole("option", { name: "beta idea" }).click();
  await expect(frame.title).toHaveText("Compare 2 ideas");
  const heads = table(page).getByRole("columnheader");
  await expect(heads).toContainText(["alpha idea", "beta idea"]);
  await expect(add).toHaveValue("");
  await add.click();
  await page.getByRole("option", { name: "gamma idea" }).click();
  await expect(frame.title).toHaveText("Compare 3 ideas");
  await expect(table(page).getByRole("row", { name: /^Verdict/ })).toContainText(
    /deploy.*reject.*reject/,
  );

  // The palette does the same for the run that is shown.
  await new IdeaScreen(page).open("beta");
  await expect(frame.title).toHaveText("beta idea");
  await frame.find("Compare with another idea");
  await expect(page.getByText("Run 1 of beta idea is chosen.")).toBeVisible();
});

const table = (page: Page): Locator =>
  page.getByRole("region", { name: "What came out" }).first().getByRole("table");

async function choose(page: Page, by: string, option: string): Promise<void> {
  // What is chosen already lies over the field, which the mouse opens beside it.
  await page.getByRole("combobox", { name: by, exact: true }).press("ArrowDown");
  await page.getByRole("option", { name: option, exact: true }).click();
  await page.keyboard.press("Escape");
}
