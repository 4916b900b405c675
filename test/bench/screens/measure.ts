import type { Browser, BrowserContext } from "@playwright/test";

/** What a measure works with: a browser, and a workspace that is open and at rest. */
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
};

/** One figure, or several that belong together, with the most that each may be. */
export type Measure = {
  limits: Record<string, number>;
  measure: (ground: Ground) => Promise<Record<string, number>>;
};

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
