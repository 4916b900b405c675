import { ipcMain, type WebContents, type WebFrameMain } from "electron";
import { WebSocket } from "ws";
import { type BridgeFrame, type OpenedIdea, PageMessage } from "../../../contract/bridge.ts";
import { BRIDGE_CHANNEL } from "../../../contract/bridge-channel.ts";
import type { OwnerRecord } from "../../runtime/ownership.ts";
import { isOurs } from "./scheme.ts";

const MAX_TEXT = 8 * 1024 * 1024;

export type BridgeHostOptions = {
  ownerRecord: () => Promise<OwnerRecord | null>;
  /** The page listens from now on. */
  onReady: (page: WebContents) => void;
  showWorkspace: () => void;
};

/** Carries what a window's socket says to the owner process and back; the page never has the token. */
export class BridgeHost {
  readonly #options: BridgeHostOptions;
  readonly #sockets = new Map<string, WebSocket>();

  constructor(options: BridgeHostOptions) {
    this.#options = options;
    ipcMain.on(BRIDGE_CHANNEL, (event, message: unknown) => {
      if (!isOurPage(event.senderFrame)) return;
      const said = PageMessage.safeParse(message);
      if (said.success) this.#hear(event.sender, said.data);
    });
  }

  #hear(page: WebContents, message: PageMessage): void {
    if (message.type === "ready") this.#options.onReady(page);
    else if (message.type === "show_workspace") this.#options.showWorkspace();
    else void this.#take(page, message);
  }

  async #take(page: WebContents, frame: BridgeFrame): Promise<void> {
    const key = `${page.id}/${frame.socket}`;
    if (frame.type === "open") return await this.#open(page, frame.socket, key);
    const socket = this.#sockets.get(key);
    if (frame.type === "close") socket?.close();
    else if (frame.text.length <= MAX_TEXT) socket?.send(frame.text);
  }

  async #open(page: WebContents, id: number, key: string): Promise<void> {
    const tell = (frame: BridgeFrame) => tellPage(page, frame);
    const owner = await this.#options.ownerRecord();
    if (!owner) return tell({ type: "close", socket: id });
    const socket = new WebSocket(`ws://127.0.0.1:${owner.port}/api?connectionParams=1`);
    this.#sockets.set(key, socket);
    // A page that is reloaded or gone does not close its sockets.
    const leave = () => socket.terminate();
    page.once("did-start-loading", leave);
    page.once("destroyed", leave);
    socket.on("open", () => {
      socket.send(JSON.stringify({ method: "connectionParams", data: { token: owner.token } }));
      tell({ type: "open", socket: id });
    });
    socket.on("message", (data) => tell({ type: "text", socket: id, text: String(data) }));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(key);
      page.off("did-start-loading", leave);
      page.off("destroyed", leave);
      tell({ type: "close", socket: id });
    });
  }
}

export function tellPage(page: WebContents, message: BridgeFrame | OpenedIdea): void {
  if (!page.isDestroyed()) page.send(BRIDGE_CHANNEL, message);
}

/** Only our own page itself: no frame inside it, and nothing that took its place. */
function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isOurs(frame.url);
}
