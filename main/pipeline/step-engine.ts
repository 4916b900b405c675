import type { Manifest, StepEvent, StepName } from "../../contract/step.ts";

/** What the pipeline needs to know of one step of the engine. */
export type StepCapability = {
  readonly name: string;
  /** Raised by hand when the meaning of the step's output changes. */
  readonly version: string;
  /** Hash of the step's code. */
  readonly code: string;
};

export type Capabilities = { readonly steps: readonly StepCapability[] };

/** One step to do, in the words of the step protocol. */
export type StepRequest = {
  step: StepName;
  version: string;
  key: string;
  params: Record<string, unknown>;
  /** Artifact folders by input name, and source files, as `file:` URLs. */
  inputs: Record<string, string | string[]>;
  /** Where the step works, beside its output; never part of its key. */
  places: Record<string, string>;
  /** `file:` URL of the artifact's folder, which appears when the step has finished. */
  output: string;
  resources: { threads: number; seed: number };
};

/** The engine, as far as the pipeline is concerned. */
export interface StepEngine {
  capabilities(): Promise<Capabilities>;

  /**
   * Does one step. When this resolves, the artifact is at `request.output`, whole. Aborting the
   * signal cancels the job; the promise then rejects once the job has ended.
   */
  runStep(
    request: StepRequest,
    options: { signal: AbortSignal; onEvent: (event: StepEvent) => void },
  ): Promise<Manifest>;
}
