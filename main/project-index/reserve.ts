import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";

const BYTES = 1024 * 1024;

/**
 * A file that is there to be given up: when the disk is full, its room lets the index still record
 * how things ended.
 */
export class Reserve {
  readonly #file: string;
  #held: boolean;

  constructor(file: string) {
    this.#file = file;
    this.#held = sizeOf(file) === BYTES;
  }

  /** Takes the room, unless it is held already; on a disk that is full, the next time. */
  hold(): void {
    if (this.#held) return;
    try {
      const file = openSync(this.#file, "w", 0o600);
      try {
        this.#held = writeSync(file, Buffer.alloc(BYTES, 1)) === BYTES;
      } finally {
        closeSync(file);
      }
    } catch {
      // What is told below.
    }
    if (!this.#held) rmSync(this.#file, { force: true });
  }

  /** @returns whether there was room to give up */
  release(): boolean {
    const held = this.#held;
    rmSync(this.#file, { force: true });
    this.#held = false;
    return held;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
