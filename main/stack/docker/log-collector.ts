import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { frames } from "./log-frames.ts";

const MAX_BYTES = 32 * 1024 * 1024;
const KEEP = 3;
const LINE_FEED = 0x0a;
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
    const reached = await lastTime(this.#path);
    const stream = (await this.#docker.getContainer(this.#container).logs({
      follow: true,
      stdout: true,
      stderr: true,
      timestamps: true,
      ...(reached ? { since: unixTime(reached) as unknown as number } : {}),
    })) as NodeJS.ReadableStream;
    this.#stream = stream;
    if (this.#closed) return 0;
    let rest = Buffer.alloc(0);
    let skipping = reached !== undefined;
    let written = 0;
    // The daemon waits while the file is written: nothing piles up here.
    for await (const chunk of stream) {
      let payload: Buffer = Buffer.from(chunk as Buffer);
      if (!tty) {
        const found = frames(rest.length > 0 ? Buffer.concat([rest, payload]) : payload);
        rest = Buffer.from(found.rest);
        payload = Buffer.concat(found.parts);
      }
      if (skipping) {
        payload = afterTime(payload, reached as string);
        if (payload.length === 0) continue;
        skipping = false;
      }
      await this.#append(payload);
      written += payload.length;
    }
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

/** The time of the last whole line of a collected log; that of its predecessor if it is empty. */
async function lastTime(path: string): Promise<string | undefined> {
  for (const file of [path, `${path}.1`]) {
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (size === 0) continue;
    let text = "";
    for await (const chunk of createReadStream(file, { start: Math.max(0, size - 64 * 1024) })) {
      text += String(chunk);
    }
    const times = [...text.matchAll(/^(\d{4}-\d\d-\d\dT[\d:.]+Z) /gm)];
    const last = times.at(-1)?.[1];
    if (last) return last;
  }
  return undefined;
}

/** The lines after those of a time; the daemon's `since` gives those of that time again. */
function afterTime(payload: Buffer, time: string): Buffer {
  let at = 0;
  while (at < payload.length) {
    const end = payload.indexOf(LINE_FEED, at);
    const stop = end < 0 ? payload.length : end + 1;
    const stamp = payload.toString("latin1", at, Math.min(stop, at + 30)).split(" ")[0] as string;
    if (stamp > time) return payload.subarray(at);
    at = stop;
  }
  return Buffer.alloc(0);
}

function unixTime(time: string): string {
  const [whole, fraction = "0"] = time.replace("Z", "").split(".");
  return `${Math.floor(Date.parse(`${whole}Z`) / 1000)}.${fraction.padEnd(9, "0")}`;
}
