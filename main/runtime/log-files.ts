import { closeSync, openSync, writeSync } from "node:fs";
import { copyFile, open, rename, rm, stat, truncate } from "node:fs/promises";

const TAIL_BLOCK = 64 * 1024;

export interface RotationLimits {
  readonly maxBytes: number;
  /** Older files kept beside the current one, as `NAME.1` (newest) to `NAME.N`. */
  readonly keep: number;
}

const DEFAULT_LIMITS: RotationLimits = { maxBytes: 8 * 1024 * 1024, keep: 3 };

/**
 * The log file of one service. The service writes to it through a descriptor of its own, opened
 * for appending, so that it goes on logging after the death of the process that started it.
 */
export class ServiceLog {
  readonly path: string;
  readonly #limits: RotationLimits;

  constructor(path: string, limits: RotationLimits = DEFAULT_LIMITS) {
    this.path = path;
    this.#limits = limits;
  }

  /** A descriptor for a child's stdout and stderr; the caller closes it after spawning. */
  openForChild(): number {
    return openSync(this.path, "a", 0o600);
  }

  /** Adds a line of the supervisor's own, between those of the service. */
  note(text: string): void {
    const file = openSync(this.path, "a", 0o600);
    try {
      writeSync(file, `${new Date().toISOString()} [supervisor] ${text}\n`);
    } finally {
      closeSync(file);
    }
  }

  size(): Promise<number> {
    return stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
  }

  /**
   * Moves a full log aside. It is copied and cut rather than renamed: the service holds its
   * descriptor, and goes on writing at the (new) end of the file.
   */
  async rotateIfFull(): Promise<boolean> {
    if ((await this.size()) <= this.#limits.maxBytes) return false;
    await shiftOlder(this.path, this.#limits.keep);
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path, 0);
    return true;
  }

  /** The last lines, oldest first, of those written after `from` bytes. */
  async tail(lines: number, from = 0): Promise<string[]> {
    const size = await this.size();
    // A rotation since then makes the mark meaningless.
    const first = from <= size ? from : 0;
    let start = size;
    let text = "";
    while (start > first && text.split("\n").length <= lines + 1) {
      const next = Math.max(first, start - TAIL_BLOCK);
      text = (await this.#slice(next, size)).toString("utf8");
      start = next;
    }
    const found = text.split(/\r?\n/);
    if (found.at(-1) === "") found.pop();
    return found.slice(-lines);
  }

  /** The last `tail` lines, then every further one as it is written, until `signal` aborts. */
  async *follow(options: { tail: number; signal: AbortSignal }): AsyncGenerator<string> {
    let position = await this.size();
    yield* await this.tail(options.tail);
    let rest = Buffer.alloc(0);
    while (!options.signal.aborted) {
      const size = await this.size();
      if (size < position) {
        position = 0;
        rest = Buffer.alloc(0);
      }
      if (size > position) {
        // Cut at the last line feed in bytes: a character of several bytes may be half written.
        const end = Math.min(size, position + TAIL_BLOCK);
        const block = Buffer.concat([rest, await this.#slice(position, end)]);
        position = end;
        const cut = block.lastIndexOf(0x0a) + 1;
        rest = block.subarray(cut);
        if (cut > 0)
          yield* block
            .subarray(0, cut - 1)
            .toString("utf8")
            .split(/\r?\n/);
        continue;
      }
      await pauseUnlessAborted(100, options.signal);
    }
  }

  async #slice(start: number, end: number): Promise<Buffer<ArrayBuffer>> {
    const file = await open(this.path, "r");
    try {
      const buffer = Buffer.alloc(end - start);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

/** Lines that could not be appended, such as on a full disk; `total` counts all that ever were. */
export type LostLines = { readonly lines: number; readonly total: number; readonly error: Error };

/** A log that this process writes itself: lines are gathered for a moment, then appended. */
export class LineLog {
  readonly #path: string;
  readonly #onLost: (lost: LostLines) => void;
  readonly #limits: RotationLimits;
  readonly #flushMs: number;
  #lines: string[] = [];
  #lost = 0;
  /** A write that failed may have left a part of a line. */
  #torn = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    path: string,
    onLost: (lost: LostLines) => void,
    limits: RotationLimits = DEFAULT_LIMITS,
    flushMs = 100,
  ) {
    this.#path = path;
    this.#onLost = onLost;
    this.#limits = limits;
    this.#flushMs = flushMs;
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#timer ??= setTimeout(() => void this.flush(), this.#flushMs).unref();
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) {
      this.#writing = this.#writing.then(() => this.#append(lines));
    }
    return this.#writing;
  }

  /** Never rejects: what the log is about goes on. */
  async #append(lines: readonly string[]): Promise<void> {
    try {
      const full = await this.#write(lines);
      if (!full) return;
    } catch (error) {
      this.#torn = true;
      this.#lost += lines.length;
      this.#onLost({ lines: lines.length, total: this.#lost, error: error as Error });
      return;
    }
    // A log that cannot be moved aside grows on.
    await shiftOlder(this.#path, this.#limits.keep).catch(() => undefined);
    await rename(this.#path, `${this.#path}.1`).catch(() => undefined);
  }

  /** Whether the file is full now. */
  async #write(lines: readonly string[]): Promise<boolean> {
    const file = await open(this.#path, "a", 0o600);
    try {
      await file.appendFile(`${this.#torn ? "\n" : ""}${lines.join("\n")}\n`);
      this.#torn = false;
      return (await file.stat()).size > this.#limits.maxBytes;
    } finally {
      await file.close();
    }
  }
}

async function shiftOlder(path: string, keep: number): Promise<void> {
  await rm(`${path}.${keep}`, { force: true });
  for (let age = keep - 1; age >= 1; age -= 1) {
    await rename(`${path}.${age}`, `${path}.${age + 1}`).catch(() => undefined);
  }
}

function pauseUnlessAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
