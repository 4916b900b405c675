import { expectAccessible } from "./accessibility.ts";
import { FramePage } from "./pages/frame.ts";
import { expect, test } from "./workbench.ts";

test("a service is watched, stopped and started, and its log is read and searched", async ({
  page,
  workspace,
}) => {
  const pidOf = async (service: string) => {
    const { services } = JSON.parse(await workspace.cli("doctor", "--json"));
    return services.find(({ name }: { name: string }) => name === service).pid;
  };
  await page.goto(await workspace.address());
  const frame = new FramePage(page);
  const opens = (service: string) => page.getByRole("button", { name: service, exact: true });
  await frame.open("Stack");
  const table = page.getByRole("region", { name: "Services" }).getByRole("table");
  const engine = table.getByRole("row").filter({ has: opens("engine") });
  await expect(engine).toContainText("ready", { timeout: 60_000 });
  await expect(engine).toContainText(/\d (MB|GB)/);
  await expect(page.getByText("Stack healthy · 2 services")).toBeVisible({ timeout: 60_000 });
  // The line from the engine to MLflow outlasts that figures change.
  const drawing = page.getByRole("region", { name: "How they hang together" });
  await expect(drawing).toContainText(/\d % · \d/);
  await expect(drawing.locator(".react-flow__edge")).toHaveCount(1);
  const mlflow = table.getByRole("row").filter({ has: opens("mlflow") });
  await expect(mlflow.getByRole("link", { name: "Open mlflow in the browser" })).toHaveAttribute(
    "href",
    /^http:\/\/127\.0\.0\.1:\d+\/$/,
  );
  await expectAccessible(page, "the stack");

  await mlflow.getByRole("button", { name: "Stop mlflow" }).click();
  await expect(mlflow).toContainText("stopped");
  await mlflow.getByRole("button", { name: "Start mlflow" }).click();
  await expect(mlflow).toContainText("ready", { timeout: 60_000 });

  const started = await pidOf("mlflow");
  await mlflow.getByRole("button", { name: "Restart mlflow" }).click();
  await expect.poll(() => pidOf("mlflow"), { timeout: 60_000 }).not.toBe(started);
  await expect(mlflow).toContainText("ready", { timeout: 60_000 });
  expect([null, started]).not.toContain(await pidOf("mlflow"));

  await engine.getByRole("button", { name: "engine", exact: true }).click();
  await expect(frame.title).toHaveText("engine");
  const log = page.getByRole("region", { name: "Log of engine" });
  await expect(log).not.toBeEmpty();
  await page.getByRole("textbox", { name: "Search the log" }).fill("no line has this text");
  await expect(page.getByText("No line has this.")).toBeVisible();

  // A hit is shown among its neighbours, whether it is clicked or chosen with the keyboard.
  const search = page.getByRole("textbox", { name: "Search the log" });
  const lines = page.getByRole("status").filter({ hasText: / lines$/ });
  for (const choose of ["click", "press"] as const) {
    await search.fill("started server");
    await expect(lines).toContainText(/^\d+ of \d+ lines$/);
    await expectAccessible(page, "a log that is searched");
    const hit = log.getByRole("button", { name: /started server/i }).first();
    const text = (await hit.textContent()) ?? "";
    await (choose === "click" ? hit.click() : hit.press("Enter"));
    await expect(search).toHaveValue("");
    await expect(log.locator("[aria-current=true]")).toHaveText(text);
    await expect(log.locator("[aria-current=true]")).toBeInViewport();
    await expect(log.getByRole("button")).toHaveCount(0);
  }
  await expectAccessible(page, "a service");
});
