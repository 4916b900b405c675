import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { _electron, test as base } from "@playwright/test";
import { electronProgram, hasDisplay } from "../../main/shells/cli/windows.ts";
import { expect, test } from "./window.ts";

const HOUSE = resolve(import.meta.dirname, "../..");
const program = electronProgram();

base.skip(
  program === null || !hasDisplay(),
  program === null
    ? "Electron's program is not downloaded here (`npx install-electron` does), so the stand-in alone is tested."
    : "There is no display to open Electron's window on.",
);

test("Electron itself opens the window, sandboxed, on the workspace's ideas", async ({
  desktop,
}) => {
  const userData = await mkdtemp(join(tmpdir(), "breadthflow-electron-user-"));
  const electron = await _electron.launch({
    ...(program ? { executablePath: program } : {}),
    args: [HOUSE, `--workspace=${desktop.workspace.folder}`, `--user-data-dir=${userData}`],
  });
  const window = await electron.firstWindow();
  await expect(window.getByRole("heading", { level: 1, name: "Ideas" })).toBeVisible();
  expect(window.url()).toMatch(/^app:\/\/workbench\//);
  expect(
    await window.evaluate("[typeof require, typeof process, Object.keys(breadthflow)]"),
  ).toEqual(["undefined", "undefined", ["send", "onMessage", "pathForFile"]]);
  await electron.close();
  await rm(userData, { recursive: true, force: true });
});
