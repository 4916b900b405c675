import type { NumberedRunEvent } from "../../../../contract/run.ts";
import type { StepEvent, StepName, TrialEvent } from "../../../../contract/step.ts";

export type Progress = Extract<StepEvent, { kind: "progress" }>;

/** What a run that is at work has said of itself so far, beyond what the index keeps of it. */
export type LiveRun = {
  /** Number of the last event seen: a lost connection is taken up again after it. */
  seq: number;
  /** How far each step that is at work has come. */
  progress: Partial<Record<StepName, Progress>>;
  /** In their order, each once: a search that was taken up again tells of its first trials twice. */
  trials: readonly TrialEvent[];
};

export const NOTHING_YET: LiveRun = { seq: 0, progress: {}, trials: [] };

/** @param events in their order; those that were seen already change nothing */
export function withEvents(live: LiveRun, events: readonly NumberedRunEvent[]): LiveRun {
  const fresh = events.filter(({ seq }) => seq > live.seq);
  const last = fresh.at(-1);
  if (!last) return live;
  const progress = { ...live.progress };
  const trials = new Map(live.trials.map((trial) => [trial.number, trial]));
  for (const { event } of fresh) {
    // A step that begins, or ends, has said nothing of its present work.
    if (event.type === "step") delete progress[event.step];
    if (event.type !== "news") continue;
    if (event.news.kind === "progress") progress[event.step] = event.news;
    if (event.news.kind === "trial") trials.set(event.news.number, event.news);
  }
  return { seq: last.seq, progress, trials: [...trials.values()] };
}
