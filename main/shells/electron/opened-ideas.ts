import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { app, type BrowserWindow, dialog } from "electron";
import type { OpenedIdea } from "../../../contract/bridge.ts";

const MAX_BYTES = 1024 * 1024;

export const isIdeaFile = (path: string) => /\.idea\.ya?ml$/i.test(path);

/** Idea files among a program's arguments: a double-click starts the program with the file's name. */
export const ideaFilesIn = (argv: readonly string[]) => argv.slice(1).filter(isIdeaFile);

export async function readIdeaFile(path: string): Promise<OpenedIdea | null> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error("it is larger than 1 MB, which no idea is");
    return { type: "idea", file: basename(path), yaml: await readFile(path, "utf8") };
  } catch (error) {
    dialog.showErrorBox(`${basename(path)} cannot be opened`, (error as Error).message);
    return null;
  }
}

/** macOS tells of double-clicked files by an event, also before the app is ready. */
export function onFilesFromFinder(open: (path: string) => void): void {
  app.on("open-file", (event, path) => {
    event.preventDefault();
    if (isIdeaFile(path)) open(path);
  });
}

export async function chooseIdeaFile(window: BrowserWindow): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: "Open idea",
    properties: ["openFile"],
    filters: [{ name: "Ideas", extensions: ["idea.yaml", "yaml", "yml"] }],
  });
  return filePaths[0] ?? null;
}
