import { join } from "node:path";
import { Menu, Tray } from "electron";
import { PRODUCT_FOLDER } from "../../product-folder.ts";
import type { Jobs } from "./jobs.ts";

/** In the system's tray: what runs, the window, and the way out. Null where there is no tray. */
export function openTray(jobs: Jobs, show: () => void, quit: () => void): Tray | null {
  let tray: Tray;
  try {
    tray = new Tray(join(PRODUCT_FOLDER, "resources", "icons", "tray.png"));
  } catch {
    // Some Linux desktops have none: the window's own close button then ends the program.
    return null;
  }
  const draw = (ideas: string[]) => {
    const running = ideas.length === 1 ? "1 run at work" : `${ideas.length} runs at work`;
    const state = ideas.length === 0 ? "Nothing runs" : running;
    tray.setToolTip(`BreadthFlow Workbench: ${state.toLowerCase()}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: state, enabled: false },
        ...ideas.map((idea) => ({ label: `    ${idea}`, enabled: false })),
        { type: "separator" },
        { label: "Open the window", click: show },
        { label: "Quit", click: quit },
      ]),
    );
  };
  draw([]);
  tray.on("click", show);
  jobs.running.subscribe((runs) => draw(runs.map(({ idea }) => idea)));
  return tray;
}
