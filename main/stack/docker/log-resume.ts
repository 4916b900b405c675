import { open } from "node:fs/promises";

const LINE_FEED = 0x0a;
const SPACE = 0x20;
/** Of a log's end; a line that is longer than this is written again, whole. */
const END_BYTES = 64 * 1024;

/** How far a collected log came. */
export interface Reached {
  /** The time of its last whole line, or "" if there is none. */
  readonly time: string;
  /** How many of its lines have that time: several may, down to the nanosecond. */
  readonly lines: number;
  /** What stands after its last line feed: a line that was cut off, or is not ended yet. */
  readonly rest: Buffer;
}

/** What a log says of how far it came; its predecessor does where it was just begun. */
export async function reachedIn(path: string): Promise<Reached> {
  let rest: Buffer = Buffer.alloc(0);
  for (const file of [path, `${path}.1`]) {
    const end = await endOf(file);
    const cut = end.lastIndexOf(LINE_FEED) + 1;
    if (rest.length === 0) rest = end.subarray(cut);
    const times = end
      .toString("utf8", 0, cut)
      .split("\n")
      .map(timeOf)
      .filter((time) => time !== undefined);
    const time = times.at(-1);
    if (time === undefined) continue;
    return { time, lines: times.filter((one) => one === time).length, rest };
  }
  return { time: "", lines: 0, rest };
}

/** Takes out of what a daemon tells again the part that is written. */
export class Resumption {
  readonly #reached: Reached;
  #seen = 0;
  #isPast = false;
  #pending: Buffer = Buffer.alloc(0);

  constructor(reached: Reached) {
    this.#reached = reached;
    this.#isPast = reached.time === "" && reached.rest.length === 0;
  }

  /** What of a further piece is new. */
  take(piece: Buffer): Buffer {
    if (this.#isPast) return piece;
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, piece]) : piece;
    while (this.#pending.length > 0) {
      const end = this.#pending.indexOf(LINE_FEED) + 1;
      const line = end > 0 ? this.#pending.subarray(0, end) : this.#pending;
      const isKnown = this.#isWritten(line);
      // Whether a line goes on where the log was cut off shows when enough of it is there.
      const isShort = end === 0 && line.length < this.#reached.rest.length;
      if (isKnown === undefined || isShort || (isKnown && end === 0)) return Buffer.alloc(0);
      if (!isKnown) return this.#goOn();
      this.#pending = this.#pending.subarray(end);
    }
    return Buffer.alloc(0);
  }

  /** What was held back, when nothing more comes. */
  end(): Buffer {
    if (this.#isPast || this.#pending.length === 0) return Buffer.alloc(0);
    return this.#isWritten(this.#pending) === false ? this.#goOn() : Buffer.alloc(0);
  }

  /** Undefined if too little of the line is there. */
  #isWritten(line: Buffer): boolean | undefined {
    const at = line.indexOf(SPACE);
    if (at < 0) return undefined;
    const time = line.toString("latin1", 0, at);
    if (time !== this.#reached.time) return time < this.#reached.time;
    if (this.#seen >= this.#reached.lines) return false;
    if (line.at(-1) === LINE_FEED) this.#seen += 1;
    return true;
  }

  #goOn(): Buffer {
    const { rest } = this.#reached;
    const pending = this.#pending;
    this.#isPast = true;
    this.#pending = Buffer.alloc(0);
    if (rest.length === 0) return pending;
    if (pending.subarray(0, rest.length).equals(rest)) return pending.subarray(rest.length);
    // What was begun there is of a container that is gone: it stays a line of its own.
    return Buffer.concat([Buffer.from("\n"), pending]);
  }
}

async function endOf(path: string): Promise<Buffer> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - END_BYTES);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - start),
      0,
      size - start,
      start,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function timeOf(line: string): string | undefined {
  return /^(\d{4}-\d\d-\d\dT[\d:.]+Z) /.exec(line)?.[1];
}
