import { open, stat } from "node:fs/promises";
import { ServedRequest } from "../../contract/traffic.ts";

/** What is read of a log that was written before anybody looked; about thirty thousand requests. */
const BACKLOG_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;

type Place = { inode: number; position: number };

/**
 * Reads what the router writes down, as it grows. The router is not asked and does nothing more
 * for it; when it begins a new file, what it wrote last into the old one (`NAME.1`) is read first.
 */
export class RequestLog {
  readonly #file: string;
  #place: Place | null = null;
  #rest = Buffer.alloc(0);

  constructor(file: string) {
    this.#file = file;
  }

  /** What was written since the last call; the first one gives the end of what was there. */
  async read(): Promise<ServedRequest[]> {
    const now = await stat(this.#file).catch(() => null);
    if (!now) return [];
    const parts: Buffer[] = [this.#rest];
    const before = this.#place;
    if (before && before.inode !== now.ino) {
      parts.push(await slice(`${this.#file}.1`, before.position, Number.POSITIVE_INFINITY));
    }
    const from =
      before?.inode === now.ino && before.position <= now.size
        ? before.position
        : before
          ? 0
          : Math.max(0, now.size - BACKLOG_BYTES);
    parts.push(await slice(this.#file, from, now.size));
    this.#place = { inode: now.ino, position: now.size };
    const bytes = Buffer.concat(parts);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    this.#rest = Buffer.from(bytes.subarray(end));
    return bytes.subarray(0, end).toString("utf8").split("\n").flatMap(served);
  }
}

/** The first line of a backlog may be the end of one; it is no request. */
function served(line: string): ServedRequest[] {
  if (line === "") return [];
  try {
    const parsed = ServedRequest.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

async function slice(path: string, start: number, end: number): Promise<Buffer> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return Buffer.alloc(0);
  try {
    const size = Math.min(end, (await file.stat()).size);
    if (size <= start) return Buffer.alloc(0);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
