import { readFileSync } from "node:fs";
import { type BrowserWindow, type Rectangle, screen } from "electron";
import { z } from "zod";
import { writeFileAtomic } from "../../runtime/atomic-file.ts";

const DEFAULT = { width: 1440, height: 900 };
/** Of a title bar, this much must be seen so that the window can be taken hold of. */
const VISIBLE_PX = 100;
/** A window that is being dragged tells of every pixel. */
const SETTLED_MS = 400;

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });

/** Where the window was, if it can still be seen there: screens are unplugged. */
export function rememberedBounds(file: string): Partial<Rectangle> {
  try {
    const bounds = Bounds.parse(JSON.parse(readFileSync(file, "utf8")));
    return isOnAScreen(bounds) ? bounds : DEFAULT;
  } catch {
    return DEFAULT;
  }
}

function isOnAScreen({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const right = Math.min(x + width, workArea.x + workArea.width);
    const seen = right - Math.max(x, workArea.x);
    return seen >= VISIBLE_PX && y >= workArea.y && y < workArea.y + workArea.height;
  });
}

export function keepBounds(window: BrowserWindow, file: string): void {
  let settled: NodeJS.Timeout | undefined;
  // Of a maximised window, what it goes back to.
  const keep = () => writeFileAtomic(file, JSON.stringify(window.getNormalBounds()));
  const changed = () => {
    clearTimeout(settled);
    settled = setTimeout(() => void keep(), SETTLED_MS);
  };
  window.on("resize", changed);
  window.on("move", changed);
  window.on("close", () => {
    clearTimeout(settled);
    void keep();
  });
}
