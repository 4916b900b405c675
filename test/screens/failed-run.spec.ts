import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { expectAccessible } from "./accessibility.ts";
import { IdeaScreen } from "./pages/idea.ts";
import { expect as strict, test } from "./workbench.ts";

// The engine works on the same cores that draw the window.
const expect = strict.configure({ timeout: 120_000 });

test("a step that fails says why and what to do, shows its log, and is tried again from there", async ({
  page,
  workspace,
}) => {
  test.setTimeout(400_000);
  const file = join(workspace.folder, "small.idea.yaml");
  await writeFile(file, SMALL_IDEA);
  // Enough days to be checked and to make features of, too few for the folds.
  const short = await writePanel(workspace.folder, { symbols: 6, days: 60, name: "short" });
  await page.goto(await workspace.address());
  // A run that fails ends the command with an error, which is not what is asked here.
  const run = workspace.cli("run", file, "--data", short).catch(() => undefined);
  await expect(page.getByText("1 run at work")).toBeVisible();
  const idea = new IdeaScreen(page);
  await idea.open("small");
  const failure = page.getByRole("alert").filter({ hasText: "labelled days" });

  await test.step("the cause and the way out stand where the verdict would", async () => {
    await expect(failure).toContainText("the first fold would train on 18");
    await expect(failure).toContainText("Use a longer history, fewer validation.folds");
    await run;
    await expect(idea.step("Features")).toHaveAccessibleName(/done/);
    await expect(idea.step("Select")).toHaveAccessibleName(/labelled days.*failed/);
    for (const later of ["Train", "Backtest", "Judge", "Register"]) {
      await expect(idea.step(later)).toHaveAccessibleName(/skipped/);
    }
    await expect(idea.button("Deploy")).toHaveAttribute("aria-disabled", "true");
    await expectAccessible(page, "a failed run");
  });

  await test.step("the step's log is a click away, with the same words", async () => {
    await idea.button("Show the log").click();
    const details = page.getByRole("dialog", { name: "Select" });
    await expect(details.getByRole("alert")).toContainText("the first fold would train on 18");
    await expect(details.getByRole("row", { name: "State" })).toContainText("failed");
    await expect(details.getByRole("region", { name: "Log of Select" })).toContainText("fold");
    await expectAccessible(page, "the step that failed");
    await page.keyboard.press("Escape");
    await expect(details).toBeHidden();
  });

  /** How long the step took the last time, by which one failure is told from the next. */
  const took = async () => {
    const [{ run: id }] = JSON.parse(await workspace.cli("runs", "--json"));
    const { state, steps } = JSON.parse(await workspace.cli("runs", "show", id, "--json"));
    const select = steps.find(({ name }: { name: string }) => name === "select");
    return state === "failed" ? select.seconds : null;
  };
  const first = await took();

  await test.step("tried again, it runs from there; what was finished is not done twice", async () => {
    await idea.button("Retry from here").click();
    await expect.poll(async () => [null, first].includes(await took())).toBe(false);
    await expect(failure).toBeVisible();
    for (const earlier of ["Ingest", "Check", "Features"]) {
      await expect(idea.step(earlier)).toHaveAccessibleName(/cached/);
    }
  });

  await test.step("and so it does from the step itself", async () => {
    const second = await took();
    await idea.step("Select").click();
    await page.getByRole("dialog").getByRole("button", { name: "Retry from here" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect.poll(async () => [null, second].includes(await took())).toBe(false);
    await expect(failure).toBeVisible();
  });
});
