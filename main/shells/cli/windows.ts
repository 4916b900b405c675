import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { browserProgram } from "../../../scripts/prepare/browser.mjs";

const ELECTRON = join(import.meta.dirname, "../../../node_modules/electron");

/** Whether this session can show a window; over SSH it would open on somebody else's screen. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === "linux") return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  return !env.SSH_CONNECTION;
}

/**
 * Chromium, which Electron is too, refuses to run as root with its sandbox, and we would not let it
 * without.
 */
const isRoot = () => process.getuid?.() === 0;

/** Electron's program, where it was downloaded (its package comes without one) and would run. */
export function electronProgram(env: NodeJS.ProcessEnv = process.env): string | null {
  if (isRoot()) return null;
  try {
    const name = readFileSync(join(ELECTRON, "path.txt"), "utf8").trim();
    const program = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ELECTRON, "dist"), name);
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/** A browser that can show a page as a window of its own, and would run. */
export function windowBrowser(): string | null {
  return isRoot() ? null : (browserProgram() ?? null);
}

/** What a person asked `start` for. */
export type Asked = { web?: boolean | undefined; port?: number | undefined; open: boolean };

/** What this machine could show a window with. */
export type Windows = { hasDisplay: boolean; electron: string | null; browser: string | null };

/**
 * What the workbench is shown in: Electron's window; where that cannot be had, or fails, a browser's;
 * with neither, its address is printed and nothing more. `--web` and `--port` are about the browser's.
 */
export function windowsFor(
  { web, port, open }: Asked,
  { hasDisplay, electron, browser }: Windows,
): Pick<Windows, "electron" | "browser"> {
  if (!open || !hasDisplay) return { electron: null, browser: null };
  return { electron: web || port !== undefined ? null : electron, browser };
}
