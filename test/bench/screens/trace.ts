import type { Browser, Page } from "@playwright/test";

/** What a trace says of the time in which something was done. */
export type Traced = {
  /** Frames that the page drew, a second. */
  frames_per_s: number;
  /** The longest task of the page's main thread. */
  longest_task_ms: number;
};

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  args?: { name?: string };
};

/** Microseconds, as traces count. */
const MS = 1000;

/** Does `work` while Chromium writes a trace, and reads it. */
export async function traced(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
): Promise<Traced> {
  const categories = [
    "toplevel",
    "devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
    "disabled-by-default-devtools.timeline",
  ];
  await browser.startTracing(page, { categories });
  await work();
  const buffer = await browser.stopTracing();
  const { traceEvents } = JSON.parse(buffer.toString()) as { traceEvents: TraceEvent[] };
  const threads = traceEvents.filter(
    ({ ph, name, args }) => ph === "M" && name === "thread_name" && args?.name === "CrRendererMain",
  );
  const tasksOf = ({ pid, tid }: TraceEvent) =>
    traceEvents.filter(
      (event) =>
        event.pid === pid && event.tid === tid && event.name === "RunTask" && event.ph === "X",
    );
  // Other windows of the browser have main threads too, at rest.
  const [main] = threads.toSorted((a, b) => tasksOf(b).length - tasksOf(a).length);
  if (!main) throw new Error("The trace has no page's main thread.");
  const tasks = tasksOf(main);
  const drawn = traceEvents.filter(({ pid, name }) => pid === main.pid && name === "DrawFrame");
  const from = Math.min(...drawn.map(({ ts }) => ts));
  const to = Math.max(...drawn.map(({ ts }) => ts));
  return {
    frames_per_s: ((drawn.length - 1) * 1000 * MS) / (to - from),
    longest_task_ms: Math.max(0, ...tasks.map(({ dur }) => dur ?? 0)) / MS,
  };
}
