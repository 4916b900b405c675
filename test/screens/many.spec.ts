import { randomBytes } from "node:crypto";
import { ContentKey, DataSetName, IdeaId, RunId } from "../../contract/ids.ts";
import { openProjectIndex } from "../../main/project-index/project-index.ts";
import { Workspace } from "../../main/runtime/workspace.ts";
import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

const MANY = 10_000;
const key = () => ContentKey.parse(randomBytes(32).toString("hex"));

test("ten thousand versions are a list that scrolls, with only what is in view in the page", async ({
  page,
  workspace,
}) => {
  const { index: file, backups } = new Workspace(workspace.folder).create();
  const index = openProjectIndex({ file, backups });
  index.durable(() => {
    for (let at = 0; at < MANY; at += 1) {
      const created = new Date(Date.UTC(2020, 0, 1) + at * 60_000).toISOString();
      const version = String(at + 1);
      const idea = IdeaId.parse("many");
      const run = RunId.parse(`r-${String(at).padStart(10, "0")}`);
      index.models.record({
        name: "many",
        version,
        key: key(),
        idea,
        run,
        verdict: "watch",
        created,
      });
      index.dataVersions.record({
        key: key(),
        name: DataSetName.parse(`set-${at}`),
        version: 0,
        request: "",
        source_hash: "",
        base: null,
        rows: at,
        symbols: 1,
        first: "2018-01-02",
        last: "2018-02-01",
        created,
      });
    }
  });
  index.close();

  await page.goto(await workspace.address());
  for (const [screen, list, last] of [
    ["Models", "Registered versions", "many v1"],
    ["Data", "Data sets", "set-9999"],
  ] as const) {
    await new FramePage(page).open(screen);
    const table = page.getByRole("table");
    await expect(table).toHaveAttribute("aria-rowcount", String(MANY));
    expect(await table.getByRole("row").count()).toBeLessThan(100);
    const scroller = page.getByRole("region", { name: list, exact: true }).last();
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(table.getByRole("row").filter({ hasText: last }).first()).toBeVisible();
  }
});
