import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { SMALL_IDEA } from "../e2e/panel.ts";
import { Foreground } from "./foreground.ts";
import { writeJudged } from "./judged.ts";
import { writeNewerWorkspace } from "./newer-workspace.ts";
import { FramePage } from "./pages/frame.ts";
import { IdeaScreen } from "./pages/idea.ts";
import { IdeasScreen } from "./pages/ideas.ts";
import { expect as strict, test } from "./workbench.ts";

const expect = strict.configure({ timeout: 60_000 });

test("a workspace whose disk goes away while it is open says so, and goes on when it is back", async ({
  page,
  workspace,
}) => {
  writeJudged(workspace, [{ yaml: SMALL_IDEA }]);
  await page.goto(await workspace.address());
  await expect(page.getByRole("article")).toHaveCount(1);
  const away = `${workspace.folder}-away`;
  await rename(workspace.folder, away);

  const frame = new FramePage(page);
  for (const screen of ["Data", "Models", "Deployments", "Stack", "Settings", "Ideas"]) {
    await frame.open(screen);
    await expect(page.getByRole("main")).toContainText(/\w+ \w+ \w+/);
  }
  await new IdeaScreen(page).open("small");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  const notice = page.getByRole("alert").filter({ hasText: "is not there any more" });
  await expect(notice).toContainText(workspace.folder);
  await expect(notice).toContainText("Bring it back");
  await expect(page.getByText("This idea has not been tested.")).toBeVisible();
  expect(existsSync(workspace.folder), "nothing is begun beside the lost disk").toBe(false);

  await rename(away, workspace.folder);
  await new IdeasScreen(page).open();
  await expect(page.getByRole("article")).toHaveCount(1);
});

test("a workspace of a newer version is refused with a sentence", async ({ workspace }) => {
  writeNewerWorkspace(workspace.folder);
  const refused = Foreground.start(workspace.folder);
  expect(await refused.ended()).toBe(1);
  expect(refused.output).toBe("");
  expect(refused.errors).toMatch(/has version \d+; this workbench knows versions up to \d+\./);
  expect(refused.errors).toContain("Open the workspace with the newer workbench that wrote it.");
});
