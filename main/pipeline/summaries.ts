import { z } from "zod";
import { WorkbenchError } from "../../contract/problem.ts";
import { Gate, Metrics, Verdict } from "../../contract/run.ts";
import type { StepName } from "../../contract/step.ts";

/** What the pipeline reads in the summaries of artifacts. Steps say more; the rest is passed on. */
export const IngestSummary = z.object({
  delta_version: z.int().min(0),
  rows: z.int().min(0),
  symbols: z.int().min(0),
  first: z.string().nullable(),
  last: z.string().nullable(),
});
export const FeaturesSummary = z.object({ made: z.int() });
export const SelectSummary = z.object({ kept: z.int() });
export const TrainSummary = Metrics.omit({ sharpe_net: true, deflated_sharpe: true });
export const BacktestSummary = Metrics.pick({ sharpe_net: true });
export const JudgeSummary = Metrics.pick({ deflated_sharpe: true }).extend({
  verdict: Verdict,
  summary: z.string(),
  gates: z.array(Gate),
});
export const RegisterSummary = z.object({ model: z.string(), version: z.coerce.string() });

/** Reads a step's summary; one of another shape was made by an engine of another version. */
export function readSummary<T>(schema: z.ZodType<T>, summary: unknown, step: StepName): T {
  const parsed = schema.safeParse(summary);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError({
    code: "artifact.unexpected",
    detail: `What the step ${step} says of its result cannot be understood: ${z.prettifyError(parsed.error)}`,
    hint: "The engine and the workbench are of different versions; start the workbench again.",
    where: { step },
  });
}
