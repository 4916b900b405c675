import { setTimeout as sleep } from "node:timers/promises";
import type { DeploymentId } from "../../contract/ids.ts";
import type { ServedRequest, Traffic, TrafficPoint } from "../../contract/traffic.ts";
import { RequestLog } from "./request-log.ts";

const POINT_MS = 5000;
const WINDOW_MS = 15 * 60_000;
const POINTS = WINDOW_MS / POINT_MS;
const LAST = 100;
const LOOK_MS = 1000;

type Stretch = { milliseconds: number[]; errors: number };

/** What one deployment did, kept while somebody looks at any. */
class Seen {
  readonly #stretches = new Map<number, Stretch>();
  #last: ServedRequest[] = [];

  add(request: ServedRequest): void {
    const at = Math.floor(Date.parse(request.time) / POINT_MS) * POINT_MS;
    let stretch = this.#stretches.get(at);
    if (!stretch) {
      stretch = { milliseconds: [], errors: 0 };
      this.#stretches.set(at, stretch);
    }
    stretch.milliseconds.push(request.milliseconds);
    if (request.status >= 400) stretch.errors += 1;
    this.#last.push(request);
    if (this.#last.length > 2 * LAST) this.#last = this.#last.slice(-LAST);
  }

  view(now: number): Traffic {
    const newest = Math.floor(now / POINT_MS) * POINT_MS;
    for (const at of this.#stretches.keys()) {
      if (at <= newest - WINDOW_MS) this.#stretches.delete(at);
    }
    const points = Array.from({ length: POINTS }, (_, position) =>
      pointAt(newest - (POINTS - 1 - position) * POINT_MS, this.#stretches),
    );
    return { point_seconds: POINT_MS / 1000, points, last: this.#last.slice(-LAST).reverse() };
  }
}

/** The traffic of deployments, out of the router's log of requests, while somebody looks. */
export class TrafficWatch {
  readonly #file: string;
  readonly #now: () => number;
  #log: RequestLog | null = null;
  #seen = new Map<string, Seen>();
  #watchers = 0;
  #reading: Promise<number> | null = null;

  /** @param file the log that the router writes. */
  constructor(file: string, now: () => number = Date.now) {
    this.#file = file;
    this.#now = now;
  }

  /** The traffic at once, then whenever it is another, until `signal` aborts. */
  async *watch(
    deployment: DeploymentId,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Traffic, void, undefined> {
    if (this.#watchers++ === 0) {
      this.#log = new RequestLog(this.#file);
      this.#seen = new Map();
    }
    try {
      let shown = "";
      while (!signal?.aborted) {
        await this.#look();
        const view = this.#seenOf(deployment).view(this.#now());
        const state = `${view.points.at(-1)?.time} ${view.points.at(-1)?.requests} ${view.last[0]?.time}`;
        if (state !== shown) yield view;
        shown = state;
        await sleep(LOOK_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
      }
    } finally {
      if (--this.#watchers === 0) {
        this.#log = null;
        this.#seen = new Map();
      }
    }
  }

  /** All who look at the same time read the log once. */
  #look(): Promise<number> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<number> {
    const requests = (await this.#log?.read()) ?? [];
    for (const request of requests) this.#seenOf(request.deployment).add(request);
    return requests.length;
  }

  #seenOf(deployment: string): Seen {
    let seen = this.#seen.get(deployment);
    if (!seen) {
      seen = new Seen();
      this.#seen.set(deployment, seen);
    }
    return seen;
  }
}

function pointAt(time: number, stretches: ReadonlyMap<number, Stretch>): TrafficPoint {
  const stretch = stretches.get(time);
  if (!stretch) return { time, requests: 0, errors: 0, p50: null, p99: null };
  const sorted = stretch.milliseconds.toSorted((left, right) => left - right);
  return {
    time,
    requests: sorted.length,
    errors: stretch.errors,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
}

/** The nearest-rank quantile of sorted values. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
