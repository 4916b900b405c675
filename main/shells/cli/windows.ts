import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const ELECTRON = join(import.meta.dirname, "../../../node_modules/electron");

/** Whether this session can show a window; over SSH it would open on somebody else's screen. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === "linux") return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  return !env.SSH_CONNECTION;
}

/** Electron's program, where it was downloaded: its package comes without one. */
export function electronProgram(env: NodeJS.ProcessEnv = process.env): string | null {
  try {
    const name = readFileSync(join(ELECTRON, "path.txt"), "utf8").trim();
    const program = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ELECTRON, "dist"), name);
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/**
 * A browser that can show a page as a window of its own. `BREADTHFLOW_CHROMIUM` names another one.
 * Root gets none: Chromium refuses to run as root with its sandbox, and we would not without.
 */
export function browserProgram(env: NodeJS.ProcessEnv = process.env): string | null {
  if (process.getuid?.() === 0) return null;
  const candidates = env.BREADTHFLOW_CHROMIUM ? [env.BREADTHFLOW_CHROMIUM] : knownBrowsers(env);
  return candidates.find((program) => existsSync(program)) ?? null;
}

function knownBrowsers(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === "win32") {
    const roots = [env.ProgramFiles, env["ProgramFiles(x86)"], env.LOCALAPPDATA];
    const programs = ["Google\\Chrome\\Application\\chrome.exe"];
    programs.push("Microsoft\\Edge\\Application\\msedge.exe", "Chromium\\Application\\chrome.exe");
    return roots.flatMap((root) => (root ? programs.map((program) => join(root, program)) : []));
  }
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  names.push("microsoft-edge", "brave-browser");
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}
