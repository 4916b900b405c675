import { join } from "node:path";
import { BrowserWindow, type Session, shell, type WebContents } from "electron";
import { PRODUCT_FOLDER } from "../../product-folder.ts";
import { isOurs, PAGE } from "./scheme.ts";
import { keepBounds, rememberedBounds } from "./window-state.ts";

/** Opens the one window of the workbench; it is shown when it has something to show. */
export function openWindow(stateFile: string): BrowserWindow {
  const window = new BrowserWindow({
    ...rememberedBounds(stateFile),
    minWidth: 900,
    minHeight: 600,
    show: false,
    // The dark theme's ground, so that no white flashes up before the first paint.
    backgroundColor: "#0e1116",
    title: "BreadthFlow Workbench",
    webPreferences: {
      preload: join(PRODUCT_FOLDER, "out", "preload", "preload.cjs"),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  keepBounds(window, stateFile);
  guardNavigation(window.webContents);
  refusePermissions(window.webContents.session);
  window.once("ready-to-show", () => window.show());
  void window.loadURL(PAGE);
  return window;
}

/**
 * The window shows our page and nothing else: text of an idea or of a model server that became a
 * link must not put another page in the place that has the bridge. Links open in the browser.
 */
function guardNavigation(contents: WebContents): void {
  const keepHere = (event: { preventDefault: () => void; url: string }) => {
    if (!isOurs(event.url)) event.preventDefault();
  };
  contents.on("will-navigate", keepHere);
  contents.on("will-redirect", keepHere);
  contents.on("will-frame-navigate", keepHere);
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isWebAddress(url)) void shell.openExternal(url);
    return { action: "deny" };
  });
}

/** `shell.openExternal` starts programs for other schemes (file:, smb:, ms-msdt: …). */
function isWebAddress(address: string): boolean {
  return /^https?:$/.test(URL.parse(address)?.protocol ?? "");
}

/** The page needs none: no camera, no place, no notifications of its own, no device. */
function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}
