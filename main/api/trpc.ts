import { initTRPC, type TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { type Problem, problemOf, WorkbenchError } from "../../contract/problem.ts";
import type { Workbench } from "../workbench.ts";

export type ApiContext = { workbench: Workbench };

const t = initTRPC.context<ApiContext>().create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, stack: undefined, problem: problemOfCall(error) },
  }),
});

/** Every error that leaves the API is a problem that a person can act on. */
function problemOfCall(error: TRPCError): Problem {
  if (error.cause instanceof WorkbenchError) return error.cause.problem;
  if (error.cause instanceof ZodError) {
    const first = error.cause.issues[0];
    return {
      code: "api.bad_input",
      detail: `${first?.path.join(".") || "input"}: ${first?.message}`,
      hint: "Correct the named field.",
    };
  }
  return problemOf(error.cause ?? error);
}

/** A call that is logged with its duration where it failed, under one correlation id. */
const logged = t.procedure.use(async ({ ctx, path, next }) => {
  const result = await next();
  if (!result.ok) {
    const cause = result.error.cause;
    const level = cause instanceof WorkbenchError ? "info" : "error";
    ctx.workbench.log[level]({ call: path, err: cause ?? result.error }, "call failed");
  }
  return result;
});

/** Asks, or does something in the workspace, which must be there for that. */
export const call = logged.use(({ ctx, type, next }) => {
  if (type === "mutation") ctx.workbench.workspace.requirePresent();
  return next();
});
/** Needs no workspace: closing what is open. */
export const callWithoutFolder = logged;
export const router = t.router;
