import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../contract/problem.ts";

const MAIN = join(import.meta.dirname, "../../main/shells/cli/main.ts");

export type Ended = { code: number | null; stdout: string; stderr: string };

/** One workspace of its own, driven as a user does: by the command line, in its own process. */
export class CommandLine {
  readonly workspace: string;
  readonly #program: string;
  readonly #node: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param options another program than the sources in this clone, and the Node to start it on. */
  constructor(
    workspace: string,
    options: { program?: string; node?: string; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.workspace = workspace;
    this.#program = options.program ?? MAIN;
    this.#node = options.node ?? process.execPath;
    this.#env = { ...process.env, ...options.env };
  }

  static async inNewWorkspace(): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), "breadthflow-e2e-")));
  }

  run(...args: string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.#node, [this.#program, ...args, "--workspace", this.workspace], {
        env: this.#env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** The JSON document of a command that must succeed. */
  async json<T>(...args: string[]): Promise<T> {
    const ended = await this.run(...args, "--json");
    if (ended.code !== 0) throw new Error(`${args.join(" ")}: ${ended.stderr}\n${ended.stdout}`);
    return JSON.parse(ended.stdout) as T;
  }

  /** The problem of a command that must fail. */
  async problem(...args: string[]): Promise<Problem> {
    const ended = await this.run(...args, "--json");
    if (ended.code === 0) throw new Error(`${args.join(" ")} succeeded: ${ended.stdout}`);
    const printed = JSON.parse(ended.stdout) as { error?: Problem; problem?: Problem };
    const problem = printed.error ?? printed.problem;
    if (!problem) throw new Error(`no problem in ${ended.stdout}`);
    return problem;
  }

  /** Ends everything that the workspace runs, and removes it. */
  async remove(): Promise<void> {
    await this.run("stop");
    await rm(this.workspace, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
