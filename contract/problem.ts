import { z } from "zod";

/** An error that a person can act on; the same shape as the engine's problem+json. */
export const Problem = z.object({
  code: z.string(),
  detail: z.string(),
  hint: z.string(),
  where: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The one error class of the core: raised where the fact is known, shown once. */
export class WorkbenchError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "WorkbenchError";
    this.problem = problem;
  }
}

/** The problem inside any thrown value; what was not foreseen says so. */
export function problemOf(error: unknown): Problem {
  if (error instanceof WorkbenchError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    code: "internal.unexpected",
    detail,
    hint: "This is a defect of the workbench. `doctor` shows where its logs are.",
  };
}
