import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { complaintsOf } from "../screens/workbench.ts";
import { runPreload } from "./stand-in/preload.ts";
import { expect, showPage, test } from "./window.ts";

const CHANNEL = "breadthflow:bridge";
const OUR_PAGE = { url: "app://workbench/", isTop: true };

test.setTimeout(300_000);

test("the built window works through its bridge, tells of runs, and ends what has nothing to do", async ({
  desktop,
  page,
}) => {
  const complaints = complaintsOf(page);
  const { program } = desktop.start();
  await expect.poll(() => program.picture?.windows.length, { timeout: 40_000 }).toBe(1);
  const heard = await showPage(page, program);
  await expect(page.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  await expect(page.getByText("Nothing runs")).toBeVisible();
  expect(program.picture?.tray[0]).toBe("Nothing runs");

  await test.step("a run that the command line starts shows in window, tray and notification", async () => {
    const idea = join(desktop.workspace.folder, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    const panel = await writePanel(desktop.workspace.folder);
    const run = desktop.workspace.cli("run", idea, "--data", panel, "--json");
    await expect(page.getByText("1 run at work")).toBeVisible({ timeout: 30_000 });
    await expect
      .poll(() => program.picture?.tray.slice(0, 2))
      .toEqual(["1 run at work", "    small"]);
    const { verdict } = JSON.parse(await run);
    await expect
      .poll(() => program.picture?.notifications)
      .toEqual([{ title: expect.stringMatching(/ is finished$/), body: `Verdict: ${verdict}` }]);
    await expect.poll(() => program.picture?.tray[0]).toBe("Nothing runs");
  });

  await test.step("an idea file that is double-clicked is taken in", async () => {
    const file = join(desktop.workspace.folder, "second.idea.yaml");
    await writeFile(file, SMALL_IDEA.replace("id: small", "id: second"));
    await program.ask("secondInstance", ["electron", ".", file]);
    await expect(page.getByText("as second.")).toBeVisible();
  });

  const owner = await readFile(join(desktop.workspace.folder, "run", "owner.json"), "utf8");
  expect(heard.join("\n")).toContain('"type\\":\\"data\\"');
  expect(heard.join("\n"), "the token stays in the main process").not.toContain(
    JSON.parse(owner).token,
  );
  await page.close();
  expect(complaints).toEqual([]);
  expect(await program.quit()).toBe(0);
  expect(existsSync(join(desktop.workspace.folder, "run", "owner.json"))).toBe(false);
});

test("the window is shut in: its options, its navigation, its permissions, its files", async ({
  desktop,
}) => {
  const { program } = desktop.start();
  await expect.poll(() => program.picture?.windows.length, { timeout: 40_000 }).toBe(1);
  const [window] = program.picture?.windows ?? [];
  expect(window?.url).toBe("app://workbench/");
  const preferences = window?.options.webPreferences as Record<string, unknown>;
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  expect(existsSync(String(preferences.preload))).toBe(true);
  expect(program.picture?.privileged).toEqual(["app"]);

  for (const event of ["will-navigate", "will-redirect", "will-frame-navigate"]) {
    for (const url of [
      "https://evil.test/",
      "app://other/",
      "file:///etc/passwd",
      "not an address",
    ]) {
      expect(await program.ask("navigate", event, url), `${event} ${url}`).toEqual({
        prevented: true,
      });
    }
    expect(await program.ask("navigate", event, "app://workbench/#/data")).toEqual({
      prevented: false,
    });
  }
  const opened = ["https://mlflow.test/", "file:///etc/passwd", "ms-msdt:/id", "javascript:1"];
  for (const url of opened) expect(await program.ask("open", url)).toBe("deny");
  expect(program.picture?.external).toEqual(["https://mlflow.test/"]);
  for (const name of ["media", "geolocation", "notifications", "openExternal", "clipboard-read"]) {
    expect(await program.ask("permission", name)).toEqual({
      requested: false,
      checked: false,
      device: false,
    });
  }

  const served = await program.ask("fetch", "app://workbench/");
  expect(served.status).toBe(200);
  expect(served.headers["content-security-policy"]).toContain("default-src 'self'");
  expect(served.headers["content-security-policy"]).not.toContain("unsafe-eval");
  const outside = ["app://other/", "app://workbench/..%2f..%2fpackage.json", "app://workbench/%00"];
  for (const url of [...outside, "app://workbench/assets"]) {
    expect((await program.ask("fetch", url)).status, url).toBe(404);
  }
});

test("the bridge hears our page alone, and hands a problem on whole", async ({ desktop }) => {
  const { program } = desktop.start();
  await expect.poll(() => program.picture?.windows.length, { timeout: 40_000 }).toBe(1);
  const heard: { type: string; text?: string }[] = [];
  program.on("to_page", (_channel, [message]) => heard.push(message as { type: string }));
  const open = { type: "open", socket: 1 };

  const others = [
    { url: "https://evil.test/", isTop: true },
    { url: "app://workbench/", isTop: false },
    { url: "app://other/", isTop: true },
    { url: "", isTop: true },
  ];
  for (const frame of others) await program.ask("ipc", CHANNEL, [open], frame);
  const nonsense = [null, "open", { type: "open" }, { type: "run", socket: 1 }, { socket: {} }];
  for (const message of nonsense) await program.ask("ipc", CHANNEL, [message], OUR_PAGE);
  await new Promise((later) => setTimeout(later, 500));
  expect(heard).toEqual([]);

  await program.ask("ipc", CHANNEL, [open], OUR_PAGE);
  await expect.poll(() => heard.map(({ type }) => type)).toEqual(["open"]);
  const input = { run: "r-0123456789" };
  const text = JSON.stringify({ id: 7, method: "query", params: { path: "runs.result", input } });
  await program.ask("ipc", CHANNEL, [{ type: "text", socket: 1, text }], OUR_PAGE);
  await expect.poll(() => heard.length).toBe(2);
  const problem = JSON.parse(heard[1]?.text ?? "").error.data.problem;
  expect(problem).toMatchObject({ code: "run.unknown", hint: expect.any(String) });
  await program.ask("ipc", CHANNEL, [{ type: "close", socket: 1 }], OUR_PAGE);
  await expect.poll(() => heard.at(-1)).toEqual({ type: "close", socket: 1 });
});

test("the preload script runs without Node, and gives the page three functions", () => {
  const sent: unknown[] = [];
  const { exposed, required, receive } = runPreload((message) => sent.push(message));
  expect(required).toEqual(["electron"]);
  expect([...exposed.keys()]).toEqual(["breadthflow"]);
  const bridge = exposed.get("breadthflow") as Record<string, (...args: unknown[]) => unknown>;
  expect(Object.keys(bridge).sort()).toEqual(["onMessage", "pathForFile", "send"]);

  bridge.send?.({ type: "open", socket: 1 });
  expect(sent).toEqual([{ channel: CHANNEL, args: [{ type: "open", socket: 1 }] }]);
  expect(() => bridge.send?.({ type: "open", socket: () => 1 })).toThrow(/could not be cloned/);

  const heard: unknown[][] = [];
  const leave = bridge.onMessage?.((...all: unknown[]) => heard.push(all)) as () => void;
  receive({ channel: CHANNEL, args: [{ type: "close", socket: 1 }] });
  leave();
  receive({ channel: CHANNEL, args: [{ type: "close", socket: 2 }] });
  expect(heard, "the message without the event that holds the sender").toEqual([
    [{ type: "close", socket: 1 }],
  ]);
});

test("the window comes back where it was, unless no screen shows that place", async ({
  desktop,
}) => {
  const bounds = { x: 300, y: 120, width: 1200, height: 800 };
  const opened = async (more = {}) => {
    const { program } = desktop.start([], more);
    await expect.poll(() => program.picture?.windows.length, { timeout: 40_000 }).toBe(1);
    return program;
  };
  const first = await opened();
  expect(first.picture?.windows[0]?.options).toMatchObject({ width: 1440, height: 900 });
  await first.ask("move", bounds);
  await first.quit();
  const second = await opened();
  expect(second.picture?.windows[0]?.options).toMatchObject(bounds);
  await second.quit();
  const unplugged = await opened({ workArea: { x: 0, y: 0, width: 280, height: 700 } });
  expect(unplugged.picture?.windows[0]?.options).toMatchObject({ width: 1440, height: 900 });
  expect(unplugged.picture?.windows[0]?.options).not.toHaveProperty("x");
});

test("a second program of the same workspace leaves the window to the first", async ({
  desktop,
}) => {
  const { program: first } = desktop.start();
  await expect.poll(() => first.picture?.windows.length, { timeout: 40_000 }).toBe(1);
  const { program: second } = desktop.start();
  expect(await second.ended()).toBe(0);
  expect(second.picture?.windows ?? []).toEqual([]);
});
