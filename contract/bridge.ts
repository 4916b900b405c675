import { z } from "zod";

/**
 * What travels between a window and Electron's main process: the frames of a socket, whose text is
 * what a browser's WebSocket would carry to the owner process.
 */
export const BridgeFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("open"), socket: z.int() }),
  z.object({ type: z.literal("text"), socket: z.int(), text: z.string() }),
  z.object({ type: z.literal("close"), socket: z.int() }),
]);
export type BridgeFrame = z.infer<typeof BridgeFrame>;

/** An idea file that was opened from outside the window: by double-click, drop or argument. */
export type OpenedIdea = { type: "idea"; file: string; yaml: string };

/** What the preload script gives to the page as `window.breadthflow`. */
export type Bridge = {
  send: (frame: BridgeFrame) => void;
  /** @returns a function that stops listening */
  onMessage: (listener: (message: BridgeFrame | OpenedIdea) => void) => () => void;
  /** Where a dropped or chosen file is on the disk. */
  pathForFile: (file: File) => string;
};
