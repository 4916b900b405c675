import { notifications } from "@mantine/notifications";
import { TRPCClientError } from "@trpc/client";
import type { Problem } from "../../contract/problem.ts";

const UNREACHABLE = "window.unreachable";

export const isUnreachable = (error: unknown) => problemIn(error).code === UNREACHABLE;

/** What happened and what to do about it, from whatever was thrown. */
export function problemIn(error: unknown): Problem {
  if (error instanceof TRPCClientError) {
    const problem: Problem | undefined = error.data?.problem;
    if (problem) return problem;
    return {
      code: UNREACHABLE,
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

/** Tells of what has no place of its own on the screen; once, where many things fail for one reason. */
export function showProblem(error: unknown): void {
  const { code, detail, hint } = problemIn(error);
  const id = `${code} ${detail}`;
  notifications.show({ id, color: "red", title: detail, message: hint, autoClose: 12_000 });
}
