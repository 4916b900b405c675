import { app, Menu, type MenuItemConstructorOptions } from "electron";

/** What the system's own panel says of the product. */
export function setAbout(version: string): void {
  app.setAboutPanelOptions({
    applicationName: "BreadthFlow Workbench",
    applicationVersion: version,
    copyright: "MIT licence",
  });
}

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
  // On macOS the app's own menu has it.
  const help: MenuItemConstructorOptions[] =
    process.platform === "darwin" ? [] : [{ role: "help", submenu: [{ role: "about" }] }];
  const rest: MenuItemConstructorOptions[] = [view, { role: "windowMenu" }, ...help];
  Menu.setApplicationMenu(Menu.buildFromTemplate([...own, file, { role: "editMenu" }, ...rest]));
}
