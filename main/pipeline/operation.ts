import type { StepEvent, StepName } from "../../contract/step.ts";
import type { Watcher } from "./artifact-maker.ts";

/** How to watch an operation that is not a run, and how to stop it. */
export type OperationOptions = {
  signal?: AbortSignal;
  onEvent?: (step: StepName, event: StepEvent) => void;
};

export function watcherOf(step: StepName, { signal, onEvent }: OperationOptions): Watcher {
  return {
    signal: signal ?? new AbortController().signal,
    onStart: () => onEvent?.(step, { kind: "progress", fraction: 0, message: "" }),
    onEvent: (event) => onEvent?.(step, event),
  };
}
