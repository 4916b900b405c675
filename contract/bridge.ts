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

/** What the page tells the main process: what its sockets say, and what a window alone can ask for. */
export const PageMessage = z.discriminatedUnion("type", [
  ...BridgeFrame.options,
  /** The page listens: files that were opened before it did can be handed on. */
  z.object({ type: z.literal("ready") }),
  /** Show the workspace's folder in the system's file manager. */
  z.object({ type: z.literal("show_workspace") }),
]);
export type PageMessage = z.infer<typeof PageMessage>;

/** An idea file that was opened from outside the window: by double-click, drop or argument. */
export type OpenedIdea = { type: "idea"; file: string; yaml: string };

/** What the preload script gives to the page as `window.breadthflow`. */
export type Bridge = {
  send: (message: PageMessage) => void;
  /** @returns a function that stops listening */
  onMessage: (listener: (message: BridgeFrame | OpenedIdea) => void) => () => void;
  /** Where a dropped or chosen file is on the disk. */
  pathForFile: (file: File) => string;
};
