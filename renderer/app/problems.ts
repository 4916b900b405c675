import { notifications } from "@mantine/notifications";
import { TRPCClientError } from "@trpc/client";
import type { Problem } from "../../contract/problem.ts";

/** What happened and what to do about it, from whatever was thrown. */
export function problemIn(error: unknown): Problem {
  if (error instanceof TRPCClientError) {
    const problem: Problem | undefined = error.data?.problem;
    if (problem) return problem;
    return {
      code: "window.unreachable",
      detail: "The workbench does not answer.",
      hint: "The window reconnects by itself; if it does not, run `npm start` again.",
    };
  }
  return {
    code: "window.unexpected",
    detail: error instanceof Error ? error.message : String(error),
    hint: "Reload the window. If it comes back, save diagnostics in Settings and report it.",
  };
}

export function showProblem(error: unknown): void {
  const { detail, hint } = problemIn(error);
  notifications.show({ color: "red", title: detail, message: hint, autoClose: 12_000 });
}
