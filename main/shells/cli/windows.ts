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
