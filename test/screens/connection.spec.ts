import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessibility.ts";
import { Foreground } from "./foreground.ts";
import { expect, type OpenWorkspace, test } from "./workbench.ts";

/** Long before the connection itself would give up on a silent core, on a machine that is busy. */
const SEEN_MS = 5000;

async function ownerOf(workspace: OpenWorkspace): Promise<{ pid: number; port: number }> {
  return JSON.parse(await readFile(join(workspace.folder, "run", "owner.json"), "utf8"));
}

const lost = (page: Page) => page.getByRole("alert").filter({ hasText: "Connection lost" });

/** In a window whose console may complain: its core goes away under it. */
test("a core that hangs or dies is seen at once, and the window heals by itself", async ({
  browser,
  workspace,
}) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(await workspace.address());
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  await expect(lost(page)).toBeHidden();

  await test.step("it hangs, and goes on", async () => {
    const { pid } = await ownerOf(workspace);
    process.kill(pid, "SIGSTOP");
    await expect(lost(page)).toBeVisible({ timeout: SEEN_MS });
    process.kill(pid, "SIGCONT");
    await expect(lost(page)).toBeHidden();
  });

  await test.step("it is killed, and the next command starts it again", async () => {
    const { pid, port } = await ownerOf(workspace);
    process.kill(pid, "SIGKILL");
    await expect(lost(page)).toBeVisible({ timeout: SEEN_MS });
    await workspace.cli("runs");
    expect(await ownerOf(workspace)).toMatchObject({ port });
    await expect(lost(page)).toBeHidden();
    await page.reload();
    await page.getByRole("navigation").getByRole("link", { name: "Stack", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Stack" })).toBeVisible();
  });

  await test.step("it was closed and opened anew: the window says which address to open", async () => {
    const { port } = await ownerOf(workspace);
    await workspace.cli("stop");
    await expect(lost(page)).toBeVisible({ timeout: SEEN_MS });
    await expectAccessible(page, "a window that lost its core");
    const again = Foreground.start(workspace.folder, "--port", String(port));
    const address = await again.address();
    await expect(page.getByRole("alert")).toContainText("was started anew");
    await expectAccessible(page, "a window that the core does not know");
    await page.reload();
    await expect(page.getByRole("heading")).toHaveText(/has no access to the workspace/);
    await page.goto(address);
    await page.reload();
    await expect(page.getByRole("navigation")).toBeVisible();
    await page.context().close();
    await again.interrupt();
  });
});
