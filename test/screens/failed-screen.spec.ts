import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

test("a screen that cannot be fetched says so, and the others go on", async ({
  page,
  workspace,
}) => {
  // The browser itself reports what it could not fetch: the one error that belongs to this test.
  page.removeAllListeners("console");
  await page.goto(await workspace.address());
  const frame = new FramePage(page);
  await expect(frame.title).toHaveText("Ideas");
  await page.route(/assets\/settings-.*\.js$/, (route) => route.abort());
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByText("This screen cannot be shown.")).toBeVisible();
  await frame.open("Data");
  await page.unroute(/assets\/settings-.*\.js$/);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(frame.title).toHaveText("Settings");
});

test("a window that cannot be fetched whole is loaded again, and says so if that does not help", async ({
  page,
  workspace,
}) => {
  page.removeAllListeners("console");
  const part = /assets\/app-.*\.js$/;
  const frame = new FramePage(page);
  await page.route(part, (route) => route.abort(), { times: 1 });
  await page.goto(await workspace.address());
  await expect(frame.title).toHaveText("Ideas");
  await page.route(part, (route) => route.abort());
  await page.reload();
  await expect(page.getByText("A part of this window could not be fetched.")).toBeVisible();
  await page.unroute(part);
  await page.reload();
  await expect(frame.title).toHaveText("Ideas");
});
