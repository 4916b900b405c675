import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { frames } from "./log-frames.ts";
import { Resumption, reachedIn } from "./log-resume.ts";

const MAX_BYTES = 32 * 1024 * 1024;
const KEEP = 3;
/** Pause before a daemon that did not answer is asked again. */
const AGAIN_MS = 500;

/**
 * Writes what one container says into a file, each line with its time. What was written before,
 * by this process or an earlier one, is not written again: the file itself says how far it came.
 */
export class LogCollector {
  readonly #docker: Docker;
  readonly #container: string;
  readonly #path: string;
  #stream: NodeJS.ReadableStream | undefined;
  #closed = false;
  #over = false;
  #done: Promise<void> = Promise.resolve();

  constructor(docker: Docker, container: string, path: string) {
    this.#docker = docker;
    this.#container = container;
    this.#path = path;
  }

  start(): void {
    this.#done = this.#collect().finally(() => {
      this.#over = true;
    });
  }

  /** The container had ended, or was gone, when it was last asked. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Resolves when all that the container has said by now is in the file. */
  async close(): Promise<void> {
    this.#closed = true;
    (this.#stream as { destroy?(): void } | undefined)?.destroy?.();
    await this.#done;
  }

  /** Resolves when the container has ended and everything that it said is in the file. */
  ended(): Promise<void> {
    return this.#done;
  }

  async #collect(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    while (!this.#closed) {
      try {
        const { Config, State } = await this.#docker.getContainer(this.#container).inspect();
        const written = await this.#read(Config.Tty);
        // What is followed may end before its end: a daemon under load hangs up on a container that
        // has ended while lines of it are still to be told. Only what has nothing more is read.
        if (written === 0 && !State.Running) return;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return;
        if (!this.#closed) await sleep(AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  /** Follows until it ends. @returns how many bytes came into the file */
  async #read(tty: boolean): Promise<number> {
    const reached = await reachedIn(this.#path);
    const stream = (await this.#docker.getContainer(this.#container).logs({
      follow: true,
      stdout: true,
      stderr: true,
      timestamps: true,
      ...(reached.time ? { since: unixTime(reached.time) as unknown as number } : {}),
    })) as NodeJS.ReadableStream;
    this.#stream = stream;
    if (this.#closed) return 0;
    let rest = Buffer.alloc(0);
    const resumption = new Resumption(reached);
    let written = 0;
    const write = async (payload: Buffer) => {
      if (payload.length > 0) await this.#append(payload);
      written += payload.length;
    };
    // The daemon waits while the file is written: nothing piles up here.
    for await (const chunk of stream) {
      let payload: Buffer = Buffer.from(chunk as Buffer);
      if (!tty) {
        const found = frames(rest.length > 0 ? Buffer.concat([rest, payload]) : payload);
        rest = Buffer.from(found.rest);
        payload = Buffer.concat(found.parts);
      }
      await write(resumption.take(payload));
    }
    await write(resumption.end());
    return written;
  }

  async #append(payload: Buffer): Promise<void> {
    const file = await open(this.#path, "a", 0o600);
    let full: boolean;
    try {
      await file.appendFile(payload);
      full = (await file.stat()).size > MAX_BYTES;
    } finally {
      await file.close();
    }
    if (!full) return;
    await rm(`${this.#path}.${KEEP}`, { force: true });
    for (let age = KEEP - 1; age >= 1; age -= 1) {
      await rename(`${this.#path}.${age}`, `${this.#path}.${age + 1}`).catch(() => undefined);
    }
    await rename(this.#path, `${this.#path}.1`);
  }
}

function unixTime(time: string): string {
  const [whole, fraction = "0"] = time.replace("Z", "").split(".");
  return `${Math.floor(Date.parse(`${whole}Z`) / 1000)}.${fraction.padEnd(9, "0")}`;
}
