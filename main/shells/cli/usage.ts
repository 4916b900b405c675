import { CommanderError } from "commander";
import type { Problem } from "../../../contract/problem.ts";
import { typed } from "./typed.ts";

/** The parser has shown help or the version, as it was asked to: no error. */
export const isAnswered = (error: unknown): boolean =>
  error instanceof CommanderError && error.exitCode === 0;

/**
 * What the parser refused, as the problem that a script reads. People have read it by now: the
 * parser writes what is wrong and how the command is used to standard error.
 */
export function usageProblem(error: unknown): Problem | null {
  if (!(error instanceof CommanderError)) return null;
  const help = error.code === "commander.help";
  return {
    code: "usage",
    detail: help ? "No command was given." : error.message.replace(/^error: /, ""),
    hint: `\`${typed("--help")}\` lists the commands, and with --help each says what it takes.`,
  };
}
