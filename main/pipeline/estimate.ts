import type { RunId } from "../../contract/ids.ts";
import type { NumberedRunEvent } from "../../contract/run.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { PastDuration, StepRecord } from "../project-index/steps.ts";
import type { TypedEvent } from "../runtime/typed-event.ts";

/** How long runs will yet take: from past runs, and from what the running step itself says. */
export class RunEstimates {
  readonly #index: ProjectIndex;
  readonly #now: () => Date;
  /** Seconds that the step that is running said it needs, by run. */
  readonly #told = new Map<RunId, number>();

  constructor(index: ProjectIndex, events: TypedEvent<NumberedRunEvent>, now: () => Date) {
    this.#index = index;
    this.#now = now;
    events.subscribe(({ run, event }) => {
      if (event.type !== "news") this.#told.delete(run);
      else if (event.news.kind === "progress" && typeof event.news.eta_s === "number") {
        this.#told.set(run, event.news.eta_s);
      }
    });
  }

  /** Seconds until the run ends; null where there is no telling. */
  remaining(run: RunId): number | null {
    const steps = this.#index.steps.ofRun(run);
    const bars = steps.find(({ step }) => step === "ingest")?.key;
    const rows = (bars && this.#index.dataVersions.get(bars)?.rows) || null;
    return remainingSeconds(
      steps,
      ({ step }) => expectedSeconds(this.#index.steps.pastDurations(step), rows),
      this.#told.get(run) ?? null,
      this.#now(),
    );
  }
}

/**
 * Seconds that a step will take, from what it took before: the median, each scaled by the number
 * of bars where both are known. Null when it was never done.
 */
export function expectedSeconds(past: readonly PastDuration[], rows: number | null): number | null {
  const scaled = past
    .map(({ seconds, rows: then }) => (rows && then ? (seconds * rows) / then : seconds))
    .sort((a, b) => a - b);
  const middle = Math.floor(scaled.length / 2);
  const upper = scaled[middle];
  if (upper === undefined) return null;
  if (scaled.length % 2 === 1) return upper;
  return (upper + (scaled[middle - 1] ?? upper)) / 2;
}

/**
 * Seconds until a run ends, or null while a step that is still to be done has never been done.
 *
 * @param enginesEstimate what the running step itself last said, in seconds; it knows better.
 */
export function remainingSeconds(
  steps: readonly StepRecord[],
  expected: (step: StepRecord) => number | null,
  enginesEstimate: number | null,
  now: Date,
): number | null {
  let total = 0;
  for (const step of steps) {
    if (step.state !== "waiting" && step.state !== "running") continue;
    if (step.state === "running" && enginesEstimate !== null) {
      total += enginesEstimate;
      continue;
    }
    const whole = expected(step);
    if (whole === null) return null;
    const spent = step.started ? (now.getTime() - Date.parse(step.started)) / 1000 : 0;
    total += Math.max(0, whole - spent);
  }
  return total;
}
