import type { Browser, BrowserContext } from "@playwright/test";
import type { IdeaId, RunId } from "../../../contract/ids.ts";

/** What a measure works with: a browser, and a large workspace that is open and at rest. */
export type Ground = {
  browser: Browser;
  /** Opens the workspace in a browser that has not seen it. */
  address: string;
  /** A browser's context that has the session, and the page in its cache. */
  warm: BrowserContext;
  /** The page's address without its token, for the warm context. */
  page: string;
  /** The workspace's owner process. */
  owner: number;
  /** A run of many features and trials, really made. */
  run: { idea: IdeaId; run: RunId };
  /** The idea with the most runs. */
  busiest: IdeaId;
  /** A service, and the file that it writes its log to. */
  service: { name: string; log: string };
};

/** One figure, or several that belong together. */
export type Measure = {
  /** The most that each may be. */
  most: Record<string, number>;
  /** The least that each may be. */
  least?: Record<string, number>;
  measure: (ground: Ground) => Promise<Record<string, number>>;
};
