/**
 * A stand-in of Electron's main-process API, for machines without Electron's program. It runs in
 * the place of `electron` inside the built main bundle, enforces what Electron enforces (order of
 * calls, structured clone of messages, sender frames), and is driven by the test over `process`.
 */
import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Asked, Launch, Picture } from "./words.ts";

const launch: Launch = JSON.parse(process.env.STAND_IN_LAUNCH ?? "{}");
const picture: Picture = {
  notifications: [],
  external: [],
  errors: [],
  tray: [],
  trayToolTip: "",
  menu: [],
  about: {},
  dialogs: [],
  windows: [],
  privileged: [],
};
let ready = false;

const tell = (message: unknown) => process.send?.(message);
const changed = () => tell({ type: "picture", picture });
const mustBeReady = (what: string) => {
  if (!ready) throw new Error(`${what} cannot be used before the app is ready`);
};

class App extends EventEmitter {
  readonly isPackaged = false;
  #userData = launch.userData;
  enableSandbox(): void {
    if (ready) throw new Error("app.enableSandbox() can only be called before app is ready");
  }
  /** One program for each folder of its own data, as Electron has it. */
  requestSingleInstanceLock(): boolean {
    const lock = join(this.#userData, "SingletonLock");
    try {
      mkdirSync(lock);
    } catch {
      return false;
    }
    process.once("exit", () => rmSync(lock, { recursive: true }));
    return true;
  }
  setAboutPanelOptions(options: Record<string, unknown>): void {
    picture.about = structuredClone(options);
  }
  async whenReady(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    ready = true;
  }
  getPath(name: string): string {
    if (name !== "userData") throw new Error(`the stand-in has no path ${name}`);
    return this.#userData;
  }
  setPath(name: string, path: string): void {
    if (name !== "userData") throw new Error(`the stand-in has no path ${name}`);
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} is not there`);
    this.#userData = path;
  }
  quit(): void {
    for (const window of BrowserWindow.all) window.close();
    const event = new Prevention();
    this.emit("will-quit", event);
    if (!event.defaultPrevented) this.exit();
  }
  exit(code = 0): void {
    process.exit(code);
  }
}

class Prevention {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

class Session {
  request: ((contents: unknown, name: string, answer: (ok: boolean) => void) => void) | null = null;
  check: (() => boolean) | null = null;
  device: (() => boolean) | null = null;
  setPermissionRequestHandler(handler: NonNullable<Session["request"]>): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.device = handler;
  }
}

class WebContents extends EventEmitter {
  static made = 0;
  readonly id = ++WebContents.made;
  readonly session = new Session();
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  isLoading(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return false;
  }
  setWindowOpenHandler(handler: NonNullable<WebContents["openHandler"]>): void {
    this.openHandler = handler;
  }
  /** Throws for what cannot be cloned, as Electron does. */
  send(channel: string, ...args: unknown[]): void {
    tell({ type: "to_page", channel, args: structuredClone(args) });
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly all = new Set<BrowserWindow>();
  readonly webContents = new WebContents();
  readonly #options: Record<string, unknown>;
  #bounds;

  constructor(options: Record<string, unknown>) {
    super();
    mustBeReady("BrowserWindow");
    this.#options = options;
    const { x = 0, y = 0, width = 800, height = 600 } = options as Record<string, number>;
    this.#bounds = { x, y, width, height };
    BrowserWindow.all.add(this);
  }
  loadURL(url: string): Promise<void> {
    picture.windows.push({ url, options: structuredClone(this.#options) });
    changed();
    return Promise.resolve();
  }
  getNormalBounds() {
    return this.#bounds;
  }
  moveTo(bounds: { x: number; y: number; width: number; height: number }): void {
    this.#bounds = bounds;
    this.emit("move");
  }
  isMinimized(): boolean {
    return false;
  }
  isFocused(): boolean {
    return false;
  }
  show(): void {
    changed();
  }
  focus(): void {
    changed();
  }
  close(): void {
    this.emit("close", new Prevention());
    BrowserWindow.all.delete(this);
    this.emit("closed");
    if (BrowserWindow.all.size === 0) app.emit("window-all-closed");
  }
}

type Item = {
  label?: string;
  role?: string;
  type?: string;
  submenu?: Item[];
  click?: () => void;
};
const wordOf = ({ label, role }: Item) => label ?? (role ? `(${role})` : "—");

export class Menu {
  readonly items: Item[];
  constructor(items: Item[]) {
    this.items = items;
  }
  static buildFromTemplate(items: Item[]): Menu {
    return new Menu(items);
  }
  static setApplicationMenu(menu: Menu): void {
    windowMenu = menu;
    picture.menu = menu.items.map((item) => ({
      label: wordOf(item),
      items: (item.submenu ?? []).map(wordOf),
    }));
  }
}

let windowMenu: Menu | null = null;
let trayMenu: Menu | null = null;

export class Tray extends EventEmitter {
  constructor(_icon: string) {
    super();
    mustBeReady("Tray");
  }
  setToolTip(text: string): void {
    picture.trayToolTip = text;
  }
  setContextMenu(menu: Menu): void {
    trayMenu = menu;
    picture.tray = menu.items.map(({ label }) => label ?? "—");
    changed();
  }
}

export class Notification extends EventEmitter {
  readonly #options: { title: string; body: string };
  constructor(options: { title: string; body: string }) {
    super();
    this.#options = options;
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    picture.notifications.push(this.#options);
    changed();
  }
}

type Handler = (request: Request) => Promise<Response>;
const handlers = new Map<string, Handler>();

export const protocol = {
  registerSchemesAsPrivileged(schemes: { scheme: string }[]): void {
    if (ready) throw new Error("schemes are registered before the app is ready");
    picture.privileged.push(...schemes.map(({ scheme }) => scheme));
  },
  handle(scheme: string, handler: Handler): void {
    mustBeReady("protocol.handle");
    handlers.set(scheme, handler);
  },
};

export const app = new App();
export const ipcMain = new EventEmitter();
export const screen = { getAllDisplays: () => [{ workArea: launch.workArea }] };
export const shell = {
  openExternal(url: string): Promise<void> {
    picture.external.push(url);
    changed();
    return Promise.resolve();
  },
  openPath(path: string): Promise<string> {
    picture.external.push(path);
    changed();
    return Promise.resolve("");
  },
};
export const dialog = {
  showErrorBox(title: string, text: string): void {
    picture.errors.push(`${title}: ${text}`);
    changed();
  },
  showOpenDialog(_window: BrowserWindow, options: { title: string }) {
    picture.dialogs.push(options.title);
    changed();
    return Promise.resolve({ filePaths: chosen.splice(0) });
  },
};
/** What a person chooses in the next dialog that asks for files; nothing: it is closed. */
const chosen: string[] = [];
export const safeStorage = {
  isEncryptionAvailable: () => launch.keychain,
  getSelectedStorageBackend: () => (launch.keychain ? "gnome_libsecret" : "basic_text"),
  encryptString: (text: string) => Buffer.from(text).map((byte) => byte ^ 0x5a),
  decryptString: (sealed: Buffer) => Buffer.from(sealed.map((byte) => byte ^ 0x5a)).toString(),
};

const theWindow = () => {
  const [window] = BrowserWindow.all;
  if (!window) throw new Error("there is no window");
  return window;
};

/** What a test asks of the program from outside, as the system or the page would. */
const answers = {
  ipc(channel: string, args: unknown[], frame: { url: string; isTop: boolean }) {
    const sender = theWindow().webContents;
    const senderFrame = { url: frame.url, parent: frame.isTop ? null : {} };
    ipcMain.emit(channel, { sender, senderFrame }, ...args);
  },
  async fetch(url: string) {
    const handler = handlers.get(new URL(url).protocol.slice(0, -1));
    if (!handler) throw new Error(`no handler for ${url}`);
    const response = await handler(new Request(url));
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  },
  navigate(event: string, url: string) {
    const details = Object.assign(new Prevention(), { url });
    theWindow().webContents.emit(event, details);
    return { prevented: details.defaultPrevented };
  },
  open: (url: string) => theWindow().webContents.openHandler?.({ url }).action,
  permission(name: string) {
    const { session } = theWindow().webContents;
    let requested = true;
    session.request?.(null, name, (ok) => {
      requested = ok;
    });
    return { requested, checked: session.check?.(), device: session.device?.() };
  },
  loaded: () => void theWindow().webContents.emit("did-finish-load"),
  move: (bounds: { x: number; y: number; width: number; height: number }) =>
    theWindow().moveTo(bounds),
  closeWindow: () => theWindow().close(),
  secondInstance: (argv: string[]) => void app.emit("second-instance", {}, argv),
  openFile(path: string) {
    app.emit("open-file", new Prevention(), path);
  },
  choose: (path: string) => void chosen.push(path),
  clickMenu(label: string) {
    const items = windowMenu?.items.flatMap(({ submenu }) => submenu ?? []) ?? [];
    const item = items.find((one) => one.label === label);
    if (!item?.click) throw new Error(`no item ${label} can be clicked`);
    item.click();
  },
  clickTray: (label: string) =>
    void trayMenu?.items.find((item) => item.label === label)?.click?.(),
  quit: () => app.quit(),
};
export type Answers = typeof answers;

process.on("message", async ({ id, method, args }: Asked) => {
  try {
    const call = answers[method as keyof Answers] as (...args: unknown[]) => unknown;
    tell({ type: "answer", id, value: await call(...args) });
  } catch (error) {
    tell({ type: "answer", id, error: String(error) });
  }
});
// Without a test there is nobody to drive it.
process.on("disconnect", () => process.exit(1));
