import type { Bridge } from "../../contract/bridge.ts";

declare global {
  interface Window {
    /** There in Electron's window only. */
    breadthflow?: Bridge;
  }
}

let opened = 0;

/** A WebSocket, as far as tRPC's client uses one, whose other end is in Electron's main process. */
export function bridgeSocket(bridge: Bridge): typeof WebSocket {
  class BridgeSocket extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readyState: number = BridgeSocket.CONNECTING;
    binaryType = "blob";
    readonly #id = ++opened;
    readonly #leave: () => void;

    constructor() {
      super();
      this.#leave = bridge.onMessage((message) => {
        if (message.type === "idea" || message.socket !== this.#id) return;
        if (message.type === "text") {
          this.dispatchEvent(new MessageEvent("message", { data: message.text }));
        } else if (message.type === "open") {
          this.readyState = BridgeSocket.OPEN;
          this.dispatchEvent(new Event("open"));
        } else {
          this.#closed();
        }
      });
      bridge.send({ type: "open", socket: this.#id });
    }

    send(text: string): void {
      bridge.send({ type: "text", socket: this.#id, text });
    }

    close(): void {
      if (this.readyState >= BridgeSocket.CLOSING) return;
      this.readyState = BridgeSocket.CLOSING;
      bridge.send({ type: "close", socket: this.#id });
    }

    #closed(): void {
      this.#leave();
      const wasOpen = this.readyState !== BridgeSocket.CONNECTING;
      this.readyState = BridgeSocket.CLOSED;
      if (!wasOpen) this.dispatchEvent(new Event("error"));
      this.dispatchEvent(new CloseEvent("close"));
    }
  }
  return BridgeSocket as unknown as typeof WebSocket;
}
