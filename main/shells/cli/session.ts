import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { TRPCClientError } from "@trpc/client";
import { Problem, problemOf } from "../../../contract/problem.ts";
import { type Attached, attach, type Client } from "./attach.ts";
import { styled } from "./terminal.ts";

export type GlobalOptions = { workspace?: string; json?: boolean };

export function workspaceOf(options: GlobalOptions, fallback = "default"): string {
  const chosen = options.workspace ?? process.env.BREADTHFLOW_WORKSPACE;
  return resolve(chosen ?? join(homedir(), "BreadthFlow", fallback));
}

/** Runs a command's work attached to the workspace's owner, and detaches whatever happens. */
export async function attached<T>(
  workspace: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const owner: Attached = await attach(workspace);
  try {
    return await Promise.race([work(owner.client), owner.lost]);
  } finally {
    await owner.close();
  }
}

/** One JSON document on standard output for machines, or the text for people. */
export function print(options: GlobalOptions, value: unknown, text: () => string): void {
  process.stdout.write(`${options.json ? JSON.stringify(value, null, 2) : text()}\n`);
}

/** The problem of anything that a command can throw, its own or one from the owner process. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof TRPCClientError) {
    const sent = Problem.safeParse(error.data?.problem);
    if (sent.success) return sent.data;
  }
  return problemOf(error);
}

/** Shows an error once, in the form that was asked for, and ends the command with code 1. */
export function fail(error: unknown, json: boolean): void {
  const problem = problemFrom(error);
  refuse(problem, json);
  process.stderr.write(
    `${styled("red", "Error:", process.stderr)} ${problem.detail}\n${problem.hint}\n` +
      `${styled("dim", `(${problem.code})`, process.stderr)}\n`,
  );
}

/** Ends the command with code 1, and gives a script the problem that a person has read or will. */
export function refuse(problem: Problem, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ error: problem }, null, 2)}\n`);
  process.exitCode = 1;
}
