import { z } from "zod";
import { Problem } from "../../contract/problem.ts";
import { Manifest, StepEvent } from "../../contract/step.ts";
import type { JobView as GeneratedJobView } from "./generated/index.ts";

/** What comes over the wire is checked once, here, against the contract's words. */

const WireProblem = Problem.extend({
  where: z.record(z.string(), z.unknown()).nullish(),
}).transform(({ where, ...problem }): Problem => (where ? { ...problem, where } : problem));

const JobState = z.enum(["queued", "running", "done", "failed", "cancelled"]);
export type JobState = z.infer<typeof JobState>;

/** The job went into another state; the last one is done, failed or cancelled. */
export const StateEvent = z.object({
  kind: z.literal("state"),
  state: JobState,
  manifest: Manifest.nullish(),
  problem: WireProblem.nullish(),
});
export type StateEvent = z.infer<typeof StateEvent>;

export const JobEvent = z.union([StepEvent, StateEvent]);
export type JobEvent = z.infer<typeof JobEvent>;
/** An event of a job with its number, from 1, by which a reader takes up again. */
export type NumberedJobEvent = { readonly id: number; readonly event: JobEvent };

export const JobView = z.object({
  id: z.string(),
  step: z.string(),
  key: z.string(),
  correlation: z.string(),
  state: JobState,
  created: z.string(),
  seconds: z.number().nullable(),
  events: z.int(),
  manifest: Manifest.nullable(),
  problem: WireProblem.nullable(),
});
export type JobView = z.infer<typeof JobView>;

/** Fails to compile when the engine's description of a job has a field that is not read here. */
type Unread = Exclude<keyof GeneratedJobView, keyof JobView>;
export type EveryFieldIsRead = [Unread] extends [never] ? true : Unread;
true satisfies EveryFieldIsRead;

export const Capabilities = z.object({
  engine: z.string(),
  python: z.string(),
  lock: z.string(),
  environments: z.array(z.object({ name: z.string(), lock: z.string(), ready: z.boolean() })),
  steps: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      code: z.string(),
      environment: z.string(),
      inputs: z.array(z.string()),
      sources: z.array(z.string()),
    }),
  ),
});
export type Capabilities = z.infer<typeof Capabilities>;

export const WarmView = z.object({ environment: z.string(), warm: z.boolean() });
export type WarmView = z.infer<typeof WarmView>;

/** The problem in the body of an error answer; one that is none says what came instead. */
export async function problemIn(response: Response): Promise<Problem> {
  const body = await response.text();
  try {
    return WireProblem.parse(JSON.parse(body));
  } catch {
    return {
      code: "engine.bad_answer",
      detail: `The engine answered with status ${response.status} and no problem: ${body.slice(0, 200)}`,
      hint: "Another program may have taken its port; `doctor` shows the services.",
    };
  }
}
