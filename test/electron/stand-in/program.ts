import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { resolve } from "node:path";
import type { Answers } from "./electron.ts";
import type { Launch, Picture } from "./words.ts";

const HOUSE = resolve(import.meta.dirname, "../../..");

type FromStandIn =
  | { type: "picture"; picture: Picture }
  | { type: "to_page"; channel: string; args: unknown[] }
  | { type: "answer"; id: number; value?: unknown; error?: string };

/** The built main bundle in a process of its own, with the stand-in in Electron's place. */
export class Program extends EventEmitter<{ to_page: [channel: string, args: unknown[]] }> {
  picture: Picture | null = null;
  output = "";
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;

  constructor(launch: Launch, args: readonly string[]) {
    super();
    this.#process = fork(resolve(HOUSE, "out/main/main.js"), [...args], {
      execArgv: ["--import", resolve(import.meta.dirname, "register.mjs")],
      env: { ...process.env, STAND_IN_LAUNCH: JSON.stringify(launch) },
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
    }
    this.#process.on("message", (message: FromStandIn) => this.#hear(message));
  }

  ask<Name extends keyof Answers>(
    method: Name,
    ...args: Parameters<Answers[Name]>
  ): Promise<Awaited<ReturnType<Answers[Name]>>> {
    const id = ++this.#asked;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.#process.send({ id, method, args });
    return answer.promise as Promise<Awaited<ReturnType<Answers[Name]>>>;
  }

  /** Its exit code. */
  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null) await once(this.#process, "exit");
    return this.#process.exitCode;
  }

  async quit(): Promise<number | null> {
    if (this.#process.connected) this.ask("quit").catch(() => undefined);
    return await this.ended();
  }

  #hear(message: FromStandIn): void {
    if (message.type === "picture") this.picture = message.picture;
    else if (message.type === "to_page") this.emit("to_page", message.channel, message.args);
    else if (message.error) this.#waiting.get(message.id)?.reject(new Error(message.error));
    else this.#waiting.get(message.id)?.resolve(message.value);
  }
}
