/** How the program is started in the stand-in. */
export type Launch = {
  userData: string;
  /** Whether the system has a keychain for safeStorage. */
  keychain: boolean;
  workArea: { x: number; y: number; width: number; height: number };
};

/** What a person would see of the program, and what it asked of the system. */
export type Picture = {
  notifications: { title: string; body: string }[];
  external: string[];
  errors: string[];
  tray: string[];
  trayToolTip: string;
  /** Each menu of the window with its items; a role is in brackets, since the system words it. */
  menu: { label: string; items: string[] }[];
  about: Record<string, unknown>;
  /** Titles of the dialogs that asked for files. */
  dialogs: string[];
  windows: { url: string; options: Record<string, unknown> }[];
  privileged: string[];
};

/** A call from the test to the stand-in. */
export type Asked = { id: number; method: string; args: unknown[] };
