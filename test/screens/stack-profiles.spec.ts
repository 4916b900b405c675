import { expectAccessible } from "./accessibility.ts";
import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

// Whatever this machine has: a daemon that the tests of containers have started comes and goes.
const before = process.env.DOCKER_HOST;
test.beforeAll(() => {
  process.env.DOCKER_HOST = "unix:///nowhere/docker.sock";
});
test.afterAll(() => {
  if (before === undefined) delete process.env.DOCKER_HOST;
  else process.env.DOCKER_HOST = before;
});

test("a profile is brought up with what is being done, its page is opened, and it is ended", async ({
  page,
  workspace,
}) => {
  await page.goto(await workspace.address());
  const frame = new FramePage(page);
  await frame.open("Stack");
  const profiles = page.getByRole("region", { name: "Profiles" });
  const row = profiles.getByRole("row").filter({ hasText: "notebooks" });
  await expect(row).toContainText("processes", { timeout: 60_000 });
  await expect(row.getByRole("cell", { name: "0", exact: true })).toBeVisible();
  await expect(page.getByText("notebooks as processes")).toBeVisible();
  await row.getByRole("button", { name: "Bring up notebooks as processes" }).click();
  await expect(profiles.getByRole("status")).toHaveText("Starting notebooks");
  const open = page.getByRole("link", { name: "Open notebooks in the browser" });
  await expect(open).toBeVisible({ timeout: 120_000 });
  const address = await open.getAttribute("href");
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/lab\?token=[\w-]{43}$/);
  expect(await (await fetch(address as string)).text()).toContain("JupyterLab");
  await expect(row.getByRole("cell", { name: "1", exact: true })).toBeVisible();
  await expect(profiles.getByRole("status")).toHaveCount(0);

  await row.getByRole("button", { name: "End notebooks as processes" }).click();
  const asked = page.getByRole("dialog", { name: "End notebooks as processes?" });
  await expect(asked).toContainText("Data stays.");
  await expectAccessible(page, "the question whether a profile is to end");
  await asked.getByRole("button", { name: "End it" }).click();
  await expect(row.getByRole("cell", { name: "0", exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(open).toHaveCount(0);
});

test("without Docker, the screen says what is missing, what helps, and that nothing needs it", async ({
  page,
  workspace,
}) => {
  await page.goto(await workspace.address());
  await new FramePage(page).open("Stack");
  const missing = page.getByText("No Docker daemon answers (DOCKER_HOST).");
  await expect(missing).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Containers are not needed")).toBeVisible();
  // What needs containers is not offered, nor is the way to them.
  const profiles = page.getByRole("region", { name: "Profiles" });
  await expect(profiles.getByRole("row").filter({ hasText: "core" })).toHaveCount(1);
  await expect(profiles.getByText("monitoring")).toHaveCount(0);
  const choice = page.getByRole("radiogroup", { name: "Ideas and deployments run as" });
  await expect(choice.getByRole("radio", { name: "Processes" })).toBeChecked();
  await expect(choice.getByRole("radio", { name: "Containers" })).toBeDisabled();

  await page.getByRole("button", { name: "Fix it…" }).click();
  const told = page.getByRole("dialog", { name: /^Start Docker/ });
  await expect(told).toContainText(/service docker|Opens Docker Desktop/);
  await expect(told.locator("pre")).toHaveText(/^(sudo|pkexec) systemctl start docker$|Docker/);
  await expectAccessible(page, "what helps");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(missing).toBeVisible();
});
