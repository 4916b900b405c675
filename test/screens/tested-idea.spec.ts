import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { expectAccessible } from "./accessibility.ts";
import { writeJudged } from "./judged.ts";
import { moving } from "./moving.ts";
import { FramePage } from "./pages/frame.ts";
import { IdeaScreen } from "./pages/idea.ts";
import { expect as strict, test } from "./workbench.ts";

// Several windows may be drawn by the same two cores.
const expect = strict.configure({ timeout: 60_000 });

test("an idea that is tested in the window is seen at work, by the command line too, in motion or at rest", async ({
  page,
  workspace,
}) => {
  test.setTimeout(300_000);
  writeJudged(workspace, [{ yaml: SMALL_IDEA }]);
  const panel = await writePanel(workspace.folder);
  await workspace.cli("data", "import", "panel", panel);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.goto(await workspace.address());
  const idea = new IdeaScreen(page);
  await idea.open("small");
  await expect(page.getByText("This idea has not been tested.")).toBeVisible();
  await expectAccessible(page, "an idea that is not tested");

  await idea.button("Test").click();
  await expect(idea.banner).toContainText("Testing");
  const [run] = JSON.parse(await workspace.cli("runs", "--json"));
  expect(run).toMatchObject({ idea: "small", state: "running" });

  await test.step("what is at work moves, and stands still where the system asks for it", async () => {
    expect(await moving(page)).toContain("pulse");
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await moving(page)).toEqual([]);
    await expectAccessible(page, "a run at work");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await moving(page), "the palette").toEqual([]);
    await page.keyboard.press("Escape");
  });

  await test.step("so do the other screens, with their switches and menus", async () => {
    const frame = new FramePage(page);
    for (const screen of ["Settings", "Stack", "Data", "Models", "Ideas"]) {
      await frame.open(screen);
      expect(await moving(page), screen).toEqual([]);
    }
    await page.emulateMedia({ reducedMotion: "no-preference" });
    expect(await moving(page), "Ideas, for everybody else").not.toEqual([]);
  });
});
