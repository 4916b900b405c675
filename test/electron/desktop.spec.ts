import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sealWith } from "../../main/runtime/secret-seal.ts";
import { VERSION } from "../../main/version.ts";
import { SMALL_IDEA } from "../e2e/panel.ts";
import { writeNewerWorkspace } from "../screens/newer-workspace.ts";
import { complaintsOf } from "../screens/workbench.ts";
import type { Program } from "./stand-in/program.ts";
import { expect, showPage, test } from "./window.ts";

const CHANNEL = "breadthflow:bridge";
const OUR_PAGE = { url: "app://workbench/", isTop: true };
const OPENED = { timeout: 60_000 };

test.setTimeout(300_000);

const windowsOf = (program: Program) => program.picture?.windows.length;

async function ideaFile(folder: string, id: string): Promise<string> {
  const file = join(folder, `${id}.idea.yaml`);
  await writeFile(file, SMALL_IDEA.replace("id: small", `id: ${id}`));
  return file;
}

test("menu, tray and About panel do what they say, and an idea is opened from each place", async ({
  desktop,
  page,
}) => {
  const complaints = complaintsOf(page);
  const { folder } = desktop.workspace;
  // Its name stands among the arguments of a program that a double-click starts.
  const { program } = desktop.start([await ideaFile(folder, "clicked")]);
  await expect.poll(() => windowsOf(program), OPENED).toBe(1);
  await showPage(page, program);
  const notice = (id: string) => page.getByRole("alert").filter({ hasText: `as ${id}.` });

  await test.step("the file that the program was started with", async () => {
    await expect(notice("clicked")).toBeVisible(OPENED);
    await expect(page.getByRole("article")).toHaveCount(1);
  });

  await test.step("the menu has the system's own items, and ours", () => {
    const [file, ...others] = program.picture?.menu ?? [];
    expect(file).toEqual({ label: "File", items: ["Open idea…", "—", "(quit)"] });
    expect(others.map(({ label }) => label)).toEqual([
      "(editMenu)",
      "View",
      "(windowMenu)",
      "(help)",
    ]);
    expect(others.at(-1)?.items).toEqual(["(about)"]);
    expect(program.picture?.about).toMatchObject({
      applicationName: "BreadthFlow Workbench",
      applicationVersion: VERSION,
    });
  });

  await test.step("Open idea… takes the file that is chosen, and nothing where none is", async () => {
    await program.ask("clickMenu", "Open idea…");
    await expect.poll(() => program.picture?.dialogs).toEqual(["Open idea"]);
    await program.ask("choose", await ideaFile(folder, "chosen"));
    await program.ask("clickMenu", "Open idea…");
    await expect(notice("chosen")).toBeVisible(OPENED);
    await expect(page.getByRole("article")).toHaveCount(2);
  });

  await test.step("what the Finder opens is taken; what is no idea is not", async () => {
    await program.ask("openFile", join(folder, "run", "owner.json"));
    await program.ask("openFile", await ideaFile(folder, "found"));
    await expect(notice("found")).toBeVisible(OPENED);
    await expect(page.getByRole("article")).toHaveCount(3);
  });

  await test.step("one that cannot be read is told in a box", async () => {
    const gone = await ideaFile(folder, "gone");
    await rm(gone);
    await program.ask("secondInstance", ["electron", ".", gone]);
    await expect
      .poll(() => program.picture?.errors)
      .toEqual([expect.stringMatching(/^gone\.idea\.yaml cannot be opened: .*no such file/)]);
  });

  await test.step("the tray opens the window, and is the way out", async () => {
    const { tray, trayToolTip } = program.picture ?? {};
    expect(tray).toEqual(["Nothing runs", "—", "Open the window", "Quit"]);
    expect(trayToolTip).toBe("BreadthFlow Workbench: nothing runs");
    await program.ask("clickTray", "Open the window");
    expect(windowsOf(program), "one window is enough").toBe(1);
    await page.close();
    program.ask("clickTray", "Quit").catch(() => undefined);
    expect(await program.ended()).toBe(0);
  });
  expect(complaints).toEqual([]);
});

test("what is entrusted to the window is sealed with a key that the system's keychain keeps", async ({
  desktop,
}) => {
  const { folder } = desktop.workspace;
  const value = "a-value-of-my-own-making";
  // Of others; what our own services start with is readable to every shell.
  const made = { broker: "x".repeat(20), webhook: "y".repeat(20), mailer: "z".repeat(20) };
  await writeFile(join(folder, "secrets.json"), JSON.stringify(made), { mode: 0o600 });
  const kept = async (name: string) =>
    JSON.parse(await readFile(join(folder, "secrets.json"), "utf8"))[name];
  const states = join(desktop.userData, "workspaces");

  const first = desktop.start().program;
  await expect.poll(() => windowsOf(first), OPENED).toBe(1);
  await call(first, "settings.replace_secret", { name: "broker", value });
  const sealed = await kept("broker");
  expect(sealed).not.toContain(value);
  const [state = ""] = await readdir(states);
  const keyFile = await readFile(join(states, state, "sealing.key"));
  // The stand-in's keychain turns some bits of every byte.
  const key = Buffer.from(keyFile.map((byte) => byte ^ 0x5a)).toString();
  expect(sealWith(key).open(sealed)).toBe(value);
  expect(await first.quit()).toBe(0);

  const second = desktop.start().program;
  await expect.poll(() => windowsOf(second), OPENED).toBe(1);
  await call(second, "settings.replace_secret", { name: "webhook", value });
  expect(sealWith(key).open(await kept("webhook")), "by the same key").toBe(value);
  expect(await second.quit()).toBe(0);

  // Without a keychain, a file that only the user may read has to do.
  const without = desktop.start([], { keychain: false }).program;
  await expect.poll(() => windowsOf(without), OPENED).toBe(1);
  await call(without, "settings.replace_secret", { name: "mailer", value });
  expect(await kept("mailer")).toBe(value);
  expect(await without.quit()).toBe(0);
});

test("a workspace that cannot be opened is told in a box, with what to do", async ({ desktop }) => {
  writeNewerWorkspace(desktop.workspace.folder);
  const { program } = desktop.start();
  expect(await program.ended()).toBe(1);
  expect(program.picture?.windows).toEqual([]);
  expect(program.picture?.errors).toEqual([
    expect.stringMatching(
      /^The project index .* has version \d+; this workbench knows versions up to \d+\.: Open the workspace with the newer workbench/,
    ),
  ]);
});

test("two workspaces have a window each, which keep their places apart", async ({
  desktop,
  other,
}) => {
  const { program: first } = desktop.start();
  const { program: second } = desktop.start([], {}, other.folder);
  for (const program of [first, second]) {
    await expect.poll(() => windowsOf(program), OPENED).toBe(1);
  }
  await first.ask("move", { x: 10, y: 20, width: 1000, height: 700 });
  await second.ask("move", { x: 300, y: 200, width: 1300, height: 800 });
  const folders = await Promise.all(
    [first, second].map((program) => call(program, "system.status")),
  );
  expect(folders.map(({ workspace }) => workspace)).toEqual([
    desktop.workspace.folder,
    other.folder,
  ]);
  for (const program of [first, second]) expect(await program.quit()).toBe(0);

  const again = desktop.start([], {}, other.folder).program;
  await expect.poll(() => windowsOf(again), OPENED).toBe(1);
  expect(again.picture?.windows[0]?.options).toMatchObject({ x: 300, y: 200, width: 1300 });
});

/** Asks the API over the bridge, as the page would. */
async function call(
  program: Program,
  path: string,
  input?: object,
): Promise<Record<string, unknown>> {
  const heard: { type: string; text?: string }[] = [];
  const hear = (_channel: string, [message]: unknown[]) =>
    void heard.push(message as { type: string });
  program.on("to_page", hear);
  const say = (message: object) => program.ask("ipc", CHANNEL, [message], OUR_PAGE);
  await say({ type: "open", socket: 1 });
  await expect.poll(() => heard.map(({ type }) => type)).toEqual(["open"]);
  const method = input ? "mutation" : "query";
  const text = JSON.stringify({ id: 1, method, params: { path, input } });
  await say({ type: "text", socket: 1, text });
  await expect.poll(() => heard.length).toBe(2);
  await say({ type: "close", socket: 1 });
  await expect.poll(() => heard.length).toBe(3);
  program.off("to_page", hear);
  const { result } = JSON.parse(heard[1]?.text ?? "{}");
  if (!result) throw new Error(heard[1]?.text);
  return result.data;
}
