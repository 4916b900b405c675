import type { Idea } from "../../contract/idea.ts";
import type { ContentKey } from "../../contract/ids.ts";
import type { StepName } from "../../contract/step.ts";
import type { DataVersion } from "../project-index/data-versions.ts";
import { capabilityOf } from "./artifact-maker.ts";
import { contentKey } from "./content-key.ts";
import { importDay } from "./import-day.ts";
import type { Capabilities } from "./step-engine.ts";
import { checkParams, type Known, STEP_GRAPH } from "./steps.ts";

/** A step as far as it is decided before its inputs are there. */
export type PlannedStep = {
  readonly step: StepName;
  readonly key: ContentKey;
  readonly version: string;
  readonly params: Record<string, unknown>;
  readonly seed: number | null;
};

/**
 * Decides one step of an idea. Its key rests on the keys of its inputs, not on their contents.
 *
 * @param keys of the artifacts that it reads, by the step that made them.
 */
export function planStep(
  step: StepName,
  idea: Idea,
  capabilities: Capabilities,
  keys: ReadonlyMap<StepName, ContentKey>,
  known: Known,
): PlannedStep {
  const { params, seeded } = STEP_GRAPH[step];
  const seed = seeded ? idea.automl.seed : null;
  return planned(step, params(idea, known), seed, capabilities, keys);
}

/** The check of a data set outside any run; under the key that a run would give it. */
export function planCheck(
  calendar: string,
  capabilities: Capabilities,
  version: DataVersion,
): PlannedStep {
  const params = checkParams(calendar, importDay(version));
  return planned("check", params, null, capabilities, new Map([["ingest", version.key]]));
}

function planned(
  step: StepName,
  params: Record<string, unknown>,
  seed: number | null,
  capabilities: Capabilities,
  keys: ReadonlyMap<StepName, ContentKey>,
): PlannedStep {
  const { version, code } = capabilityOf(capabilities, step);
  const inputs: Record<string, ContentKey> = {};
  for (const [name, upstream] of Object.entries(STEP_GRAPH[step].inputs)) {
    const key = keys.get(upstream);
    if (key === undefined) throw new Error(`${step} was planned before ${upstream}.`);
    inputs[name] = key;
  }
  const key = contentKey({ step, version, code, params, inputs, seed });
  return { step, key, version, params, seed };
}
