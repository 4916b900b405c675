import type { Check } from "../../runtime/doctor.ts";
import { styled } from "./terminal.ts";

const MARKS = { ok: "✓", note: "·", warning: "!", missing: "✗" } as const;
const COLOURS = { ok: "green", note: "dim", warning: "yellow", missing: "red" } as const;

/** What was found of this machine, a line each, and what to do about it below. */
export function checkLines(checks: readonly Check[]): string {
  return checks
    .map(
      (one) =>
        `${styled(COLOURS[one.state], MARKS[one.state])} ${one.name.padEnd(22)} ${one.found}` +
        (one.hint ? `\n  ${" ".repeat(22)} ${one.hint}` : ""),
    )
    .join("\n");
}
