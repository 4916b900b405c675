import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

const OPENING = /assets\/(index|entry-token|preload-helper|rolldown-runtime)-/;

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
  // It is asked for again for a while first.
  await expect(page.getByText("This screen cannot be shown.")).toBeVisible({ timeout: 30_000 });
  await frame.open("Data");
  await page.unroute(/assets\/settings-.*\.js$/);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(frame.title).toHaveText("Settings");
});

test("what breaks off on the way is asked for again, and nobody sees any of it", async ({
  page,
  workspace,
}) => {
  page.removeAllListeners("console");
  const address = await workspace.address();
  // As Chromium does with all that it fetches when a container's network comes or goes.
  const broken = new Map<string, number>();
  await page.route(/\/(session|assets\/.*\.js)$/, (route) => {
    const url = route.request().url();
    // What the page itself names has nobody yet who could ask for it again.
    if (OPENING.test(url)) return route.continue();
    const times = (broken.get(url) ?? 0) + 1;
    broken.set(url, times);
    return times <= 2 ? route.abort("connectionreset") : route.continue();
  });
  await page.goto(address);
  const frame = new FramePage(page);
  for (const screen of ["Ideas", "Data", "Models", "Deployments", "Stack", "Settings"]) {
    await frame.open(screen);
  }
  expect(broken.size).toBeGreaterThan(20);
});

test("who leads the page on before it is fetched whole is let in all the same", async ({
  page,
  workspace,
}) => {
  const address = await workspace.address();
  await page.route(/assets\/main-.*\.js$/, async (route) => {
    await new Promise((later) => setTimeout(later, 1000));
    await route.continue();
  });
  await page.goto(address);
  await page.goto(address.replace(/#.*/, "#/data"));
  await expect(new FramePage(page).title).toHaveText("Data");
});
