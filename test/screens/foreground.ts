import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";

const HOUSE = resolve(import.meta.dirname, "../..");

/** `start` as a person runs it: in the foreground, until Ctrl-C. */
export class Foreground {
  readonly #process: ChildProcess;
  output = "";
  errors = "";

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.stdout?.on("data", (chunk) => {
      this.output += chunk;
    });
    process.stderr?.on("data", (chunk) => {
      this.errors += chunk;
    });
  }

  static start(workspace: string, ...args: string[]): Foreground {
    const entry = join(HOUSE, "main/shells/cli/main.ts");
    const command = [entry, "start", "--web", "--no-open", ...args, "--workspace", workspace];
    return new Foreground(spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] }));
  }

  /** The first line that it prints; rejects where it ends before. */
  async address(): Promise<string> {
    while (!this.output.includes("\n")) {
      if (this.#process.exitCode !== null) throw new Error(this.errors);
      await new Promise((again) => setTimeout(again, 25));
    }
    return this.output.trimEnd();
  }

  /** Ctrl-C, where that has not ended it already. @returns its exit code */
  async interrupt(): Promise<number | null> {
    if (this.#process.exitCode === null) this.#process.kill("SIGINT");
    return await this.ended();
  }

  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null) await once(this.#process, "exit");
    return this.#process.exitCode;
  }
}
