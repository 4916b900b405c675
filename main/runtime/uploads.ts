import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { WorkbenchError } from "../../contract/problem.ts";

/** What Windows refuses in a name, and what would leave the folder anywhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused, too
const REFUSED = /[<>:"/\\|?*\x00-\x1f]/g;
const LONGEST_NAME = 120;

/** Files that a browser hands over, since it tells nobody where they are; each in its own folder. */
export class Uploads {
  readonly #folder: string;
  readonly #maxBytes: number;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /**
   * Keeps what is sent under a name that every system allows.
   *
   * @returns where it is; nothing is left of one that breaks off.
   * @throws WorkbenchError `upload.too_large` or `upload.not_written`.
   */
  async receive(name: string, content: Readable): Promise<string> {
    const folder = join(this.#folder, randomUUID());
    const file = join(folder, safeName(name));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      await pipeline(content, this.#limit(), createWriteStream(file, { mode: 0o600 }));
      return file;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if (error instanceof WorkbenchError) throw error;
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new WorkbenchError(
        {
          code: "upload.not_written",
          detail: `${name} could not be taken over (${reason}).`,
          hint:
            reason === "ENOSPC"
              ? "The workspace's disk is full; free some space."
              : "Drop it again, or name it by its path.",
          where: { name },
        },
        { cause: error },
      );
    }
  }

  /** Removes those of the files that are uploads; others are a person's own. */
  async forget(paths: readonly string[]): Promise<void> {
    const inside = resolve(this.#folder) + sep;
    const folders = paths.map((path) => dirname(resolve(path)));
    const ours = folders.filter((folder) => folder.startsWith(inside));
    await Promise.all(ours.map((folder) => rm(folder, { recursive: true, force: true })));
  }

  /** Removes what an earlier owner left. */
  async clear(): Promise<void> {
    const left = await readdir(this.#folder).catch(() => []);
    await Promise.all(
      left.map((name) => rm(join(this.#folder, name), { recursive: true, force: true })),
    );
  }

  #limit(): Transform {
    const maxBytes = this.#maxBytes;
    let bytes = 0;
    return new Transform({
      transform(part: Buffer, _encoding, done) {
        bytes += part.length;
        done(bytes > maxBytes ? tooLarge(maxBytes) : null, part);
      },
    });
  }
}

export function tooLarge(maxBytes: number): WorkbenchError {
  return new WorkbenchError({
    code: "upload.too_large",
    detail: `The file is larger than ${maxBytes / 1024 ** 3} GB.`,
    hint: "Type or paste its path instead: it is then read where it is.",
  });
}

function safeName(name: string): string {
  const plain = name
    .replace(REFUSED, "_")
    .replace(/^\.+/, "")
    .replace(/[. ]+$/, "");
  // The ending says how it is read, so the beginning is what is cut.
  return plain.slice(-LONGEST_NAME) || "file";
}
