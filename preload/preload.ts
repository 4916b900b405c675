import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from "electron";
import type { Bridge, BridgeFrame, OpenedIdea } from "../contract/bridge.ts";
import { BRIDGE_CHANNEL } from "../contract/bridge-channel.ts";

/** All that the page can reach of Electron: one channel, and where a dropped file is. */
const bridge: Bridge = {
  send: (message) => ipcRenderer.send(BRIDGE_CHANNEL, message),
  onMessage: (listener) => {
    // The event holds the sender: the page gets the message alone.
    const hear = (_event: IpcRendererEvent, message: BridgeFrame | OpenedIdea) => listener(message);
    ipcRenderer.on(BRIDGE_CHANNEL, hear);
    return () => ipcRenderer.off(BRIDGE_CHANNEL, hear);
  },
  pathForFile: (file) => webUtils.getPathForFile(file),
};

contextBridge.exposeInMainWorld("breadthflow", bridge);
