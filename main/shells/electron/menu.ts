import { app, Menu, type MenuItemConstructorOptions } from "electron";

/** The system's own roles, in the system's own words; what the product does is in the window. */
export function setMenu(openIdea: () => void): void {
  const file: MenuItemConstructorOptions = {
    label: "File",
    submenu: [
      { label: "Open idea…", accelerator: "CmdOrCtrl+O", click: openIdea },
      { type: "separator" },
      process.platform === "darwin" ? { role: "close" } : { role: "quit" },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: "View",
    submenu: [
      ...(app.isPackaged ? [] : [{ role: "reload" } as const, { role: "toggleDevTools" } as const]),
      { role: "resetZoom" },
      { role: "zoomIn" },
      { role: "zoomOut" },
      { type: "separator" },
      { role: "togglefullscreen" },
    ],
  };
  const own: MenuItemConstructorOptions[] =
    process.platform === "darwin" ? [{ role: "appMenu" }] : [];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...own, file, { role: "editMenu" }, view, { role: "windowMenu" }]),
  );
}
