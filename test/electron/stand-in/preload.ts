import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createContext, runInContext } from "node:vm";

const BUNDLE = resolve(import.meta.dirname, "../../../out/preload/preload.cjs");
/** What a sandboxed preload script may require; see Electron's documentation on sandboxing. */
const ALLOWED = new Set(["electron", "events", "timers", "url"]);

export type IpcMessage = { channel: string; args: unknown[] };

/**
 * Runs the built preload bundle as Electron's sandbox would: without Node, with the few modules
 * that are allowed, and with a context bridge that lets functions and cloneable values through.
 */
export function runPreload(send: (message: IpcMessage) => void) {
  const exposed = new Map<string, unknown>();
  const required: string[] = [];
  const fromMain = new EventEmitter();
  const electron = {
    contextBridge: {
      exposeInMainWorld(name: string, api: Record<string, unknown>) {
        for (const value of Object.values(api)) {
          if (typeof value !== "function") structuredClone(value);
        }
        exposed.set(name, api);
      },
    },
    ipcRenderer: {
      send: (channel: string, ...args: unknown[]) => send({ channel, args: structuredClone(args) }),
      on: (channel: string, listener: (...args: unknown[]) => void) =>
        fromMain.on(channel, listener),
      off: (channel: string, listener: (...args: unknown[]) => void) =>
        fromMain.off(channel, listener),
    },
    webUtils: { getPathForFile: (file: { path: string }) => file.path },
  };
  const require = (name: string) => {
    required.push(name);
    if (!ALLOWED.has(name)) throw new Error(`module not found: ${name}`);
    return name === "electron" ? electron : {};
  };
  const context = createContext({ require, exports: {}, module: { exports: {} } });
  runInContext(readFileSync(BUNDLE, "utf8"), context, { filename: "preload.cjs" });
  return {
    exposed,
    required,
    /** A message of the main process; the event is what the page must not get hold of. */
    receive: ({ channel, args }: IpcMessage) =>
      fromMain.emit(channel, { sender: "ipcRenderer" }, ...args),
  };
}
