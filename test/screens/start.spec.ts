import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { Foreground } from "./foreground.ts";
import { expect, test } from "./workbench.ts";

test("start prints one address that opens the workbench, and Ctrl-C closes what has nothing to do", async ({
  page,
  workspace,
}) => {
  const first = Foreground.start(workspace.folder);
  const address = await first.address();
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();

  // A second one finds the owner of the first, and leaves it running when it goes.
  const second = Foreground.start(workspace.folder);
  expect(await second.address()).toBe(address);
  expect(await second.interrupt()).toBe(0);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  await page.goto("about:blank");

  expect(await first.interrupt()).toBe(0);
  expect(first.output.trimEnd()).toBe(address);
  expect(existsSync(join(workspace.folder, "run", "owner.json"))).toBe(false);
});

test("start serves on the port it is given, and says who has it where it is taken", async ({
  workspace,
}) => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => taken.once("listening", listening));
  const port = (taken.address() as { port: number }).port;
  const refused = Foreground.start(workspace.folder, "--port", String(port));
  expect(await refused.ended()).toBe(1);
  expect(refused.errors).toMatch(
    new RegExp(`Port ${port} cannot be used: .+ \\(pid ${process.pid}\\) listens on it\\.`),
  );
  await new Promise((closed) => taken.close(closed));

  const served = Foreground.start(workspace.folder, "--port", String(port));
  expect(await served.address()).toContain(`http://127.0.0.1:${port}/#token=`);
  const other = Foreground.start(workspace.folder, "--port", String(port + 1));
  expect(await other.ended()).toBe(1);
  expect(other.errors).toContain(`is open already, on port ${port}.`);
  await served.interrupt();
});

test("start opens the workspace again when its process is killed, at the same address", async ({
  workspace,
}) => {
  const start = Foreground.start(workspace.folder);
  const address = await start.address();
  // One that ends in its first seconds would only be killed again by the same cause.
  await new Promise((later) => setTimeout(later, 3500));
  const owner = JSON.parse(await readFile(join(workspace.folder, "run", "owner.json"), "utf8"));
  process.kill(owner.pid, "SIGKILL");
  await expect.poll(() => start.errors).toContain("starting it again");
  await expect.poll(async () => (await workspace.address()) === address).toBe(true);
  await workspace.cli("stop");
  expect(await start.ended()).toBe(0);
  expect(start.errors).toContain("was closed.");
});
