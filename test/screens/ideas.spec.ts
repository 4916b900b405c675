import { readFile } from "node:fs/promises";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { expectAccessible } from "./accessibility.ts";
import { IdeasScreen } from "./pages/ideas.ts";
import { NewIdeaScreen } from "./pages/new-idea.ts";
import { expect as strict, test } from "./workbench.ts";

// The engine works on the same cores that draw the window.
const expect = strict.configure({ timeout: 60_000 });

const LONG = 240_000;

/** The name that an idea's document gives it. */
const nameIn = (yaml: string) => /^name: (.*)$/m.exec(yaml)?.[1] ?? "";

test("ideas are brought in, tested, copied, compared, put away and taken out", async ({
  page,
  workspace,
}) => {
  test.setTimeout(600_000);
  const panel = await writePanel(workspace.folder);
  await workspace.cli("data", "import", "panel", panel);
  await page.goto(await workspace.address());
  const ideas = new IdeasScreen(page);
  const yaml = SMALL_IDEA;
  const name = nameIn(yaml);

  await test.step("an empty list shows the way to a first verdict, and what is installed", async () => {
    await expect(
      page.getByRole("heading", { name: "From an idea to a deployed model" }),
    ).toBeVisible();
    await expect(page.getByRole("button", { name: "Run the demo idea" })).toBeEnabled();
    await expect(page.getByText("Every step from ingestion to the verdict")).toBeVisible();
    await expectAccessible(page, "no ideas");
  });

  await test.step("a file that is dropped is an idea, and the same file again is no news", async () => {
    await ideas.drop({ name: "small.idea.yaml", text: `# Mine\n${yaml}` });
    await expect(ideas.notice(`Imported ${name}`)).toBeVisible();
    await expect(ideas.card(name)).toContainText("not tested");
    await ideas.drop({ name: "small.idea.yaml", text: `# Mine\n${yaml}` });
    await expect(ideas.notice("is there already")).toBeVisible();
    await expect(page.getByRole("article")).toHaveCount(1);
  });

  await test.step("a bomb and a program are refused with a sentence", async () => {
    const tenfold = "abcdefghi".replaceAll(/./g, (one, at) =>
      at === 0 ? "a: &a [x]\n" : `${one}: &${one} [${`*${"abcdefghi"[at - 1]}, `.repeat(10)}]\n`,
    );
    await ideas.drop(
      { name: "a.yaml", text: "\u0000".repeat(300_000) },
      { name: "b.yaml", text: "- x" },
      { name: "c.yaml", text: tenfold },
    );
    await expect(ideas.notice("c.yaml was not imported")).toContainText("cannot be expanded");
    await expect(ideas.notice("a.yaml was not imported")).toContainText("not text");
    await expect(ideas.notice("b.yaml was not imported")).toContainText("a group of keys");
  });

  await test.step("one that is not right yet opens where its faults can be mended", async () => {
    const long = yaml.replace(/^id: .*$/m, "id: long").replace(name, "x".repeat(300));
    await ideas.drop({ name: "long.idea.yaml", text: long });
    await expect(
      page.getByText("Must have at most 120 characters.", { exact: true }),
    ).toBeVisible();
    const draft = new NewIdeaScreen(page);
    await draft.field("Idea", "Name").fill("Not too long");
    await expect(draft.test).not.toHaveAttribute("aria-disabled", "true");
    await page.getByRole("button", { name: "Start over" }).click();
  });

  await test.step("its export is the text that came in, comments and all", async () => {
    await ideas.open();
    const download = page.waitForEvent("download");
    await ideas.act(name, "Export YAML");
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/\.idea\.yaml$/);
    expect(await readFile(await file.path(), "utf8")).toBe(`# Mine\n${yaml}`);
  });

  await test.step("the idea is edited and tested, and so is a copy with another gate", async () => {
    await ideas.act(name, "Edit");
    const editor = new NewIdeaScreen(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Edit ${name}`);
    await editor.test.click();
    await expect(page).toHaveURL(/ideas\/[a-z0-9-]+\/runs\/r-/);
    await expect(page.getByText("Nothing runs")).toBeVisible({ timeout: LONG });

    await ideas.open();
    await ideas.act(name, "Duplicate");
    await expect(ideas.card(`${name} (copy)`)).toContainText("not tested");
    await ideas.act(`${name} (copy)`, "Edit");
    await editor.field("Gates", "Lift at least").fill("0.5");
    await editor.test.click();
    await expect(page).toHaveURL(/runs\/r-/);
    await expect(page.getByText("Nothing runs")).toBeVisible({ timeout: LONG });
  });

  await test.step("both have a verdict, a score and a picture, as cards and as lines", async () => {
    await ideas.open();
    for (const one of [name, `${name} (copy)`]) {
      await expect(ideas.card(one)).toContainText(/deploy|watch|reject/i);
      await expect(ideas.card(one).getByRole("img", { name: /^Net equity grew/ })).toBeVisible();
    }
    await expectAccessible(page, "cards");
    await page.getByRole("radiogroup", { name: "Show as" }).getByText("Table").click();
    await page.getByRole("button", { name: "Name", exact: true }).click();
    await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute(
      "aria-sort",
      "ascending",
    );
    await expect(page.getByRole("row")).toHaveCount(3);
    await expectAccessible(page, "lines");
  });

  await test.step("compared, they differ in their gate and in nothing else", async () => {
    await page.getByRole("checkbox", { name: `Mark ${name}`, exact: true }).check();
    await page.getByRole("checkbox", { name: `Mark ${name} (copy)`, exact: true }).check();
    await ideas.button("Compare").click();
    const parameters = page.getByRole("region", { name: "Parameters" }).first();
    await expect(parameters.getByRole("rowheader")).toHaveText(["gates.min_lift"]);
    await expect(parameters).toContainText("0.5");
    await expect(page.getByRole("img", { name: /^Net equity of/ })).toBeVisible();
    await page.getByRole("switch", { name: "Show all" }).check();
    await expect(parameters.getByRole("rowheader", { name: "target.horizon" })).toBeVisible();
    await expectAccessible(page, "a comparison");
  });

  await test.step("what is archived is out of sight, can be undone and is found again", async () => {
    await ideas.open();
    await page.getByRole("radiogroup", { name: "Show as" }).getByText("Cards").click();
    await ideas.button("Unmark all").click();
    await ideas.act(`${name} (copy)`, "Archive");
    await expect(ideas.card(`${name} (copy)`)).toHaveCount(0);
    await ideas.notice("Archived").getByRole("button", { name: "Undo" }).click();
    await expect(ideas.card(`${name} (copy)`)).toBeVisible();
    await ideas.act(`${name} (copy)`, "Archive");
    await page.getByRole("switch", { name: /Archived/ }).check();
    await expect(ideas.card(`${name} (copy)`)).toBeVisible();
    await expect(ideas.card(name)).toHaveCount(0);
    await page.getByRole("switch", { name: /Archived/ }).uncheck();
  });

  await test.step("a search that finds nothing says so", async () => {
    await ideas.search.fill("no such words");
    await expect(page.getByText("No idea is like that.")).toBeVisible();
    await ideas.button("Show all").click();
    await expect(ideas.card(name)).toBeVisible();
  });
});
