/** How the program is started in the stand-in. */
export type Launch = {
  userData: string;
  /** Whether this is the first program of its kind, which gets the single-instance lock. */
  isFirst: boolean;
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
  menu: string[];
  windows: { url: string; options: Record<string, unknown> }[];
  privileged: string[];
};

/** A call from the test to the stand-in. */
export type Asked = { id: number; method: string; args: unknown[] };
