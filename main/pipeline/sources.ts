import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, glob, readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { WorkbenchError } from "../../contract/problem.ts";
import type { FileStamp, SourceFiles } from "../project-index/source-files.ts";
import { sha256Of } from "./content-key.ts";

/** What a folder is searched for; a file that is named outright may be called anything. */
const BARS_FILE = /\.(csv|tsv|txt|parquet|pq)(\.(gz|zst|bz2|xz|zip))?$/i;

/** Files that an import reads, in the order in which they were given, and a hash of them all. */
export type Sources = { readonly files: readonly string[]; readonly hash: string };

/** The files that files, folders (searched whole, in name order) and globs stand for. */
export async function expandSources(given: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const source of given) files.push(...(await expandOne(source)));
  return [...new Set(files)];
}

async function expandOne(source: string): Promise<string[]> {
  const path = resolve(source);
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unreadable(path, error);
    if (/[*?[{]/.test(source)) return await expandGlob(path);
    throw new WorkbenchError({
      code: "data.source_missing",
      detail: `There is no file or folder ${path}.`,
      hint: "Correct the path. A pattern such as prices/*.csv is possible too.",
      where: { path },
    });
  }
  if (!isFolder) return [path];
  const found = await filesBelow(path);
  if (found.length === 0) throw nothingIn(path, "holds no CSV or Parquet file");
  return found;
}

async function expandGlob(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const path of glob(pattern)) {
    if ((await stat(path)).isFile()) files.push(resolve(path));
  }
  if (files.length === 0) throw nothingIn(pattern, "matches no file");
  return files.sort();
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return entries
      .filter(
        (entry) => entry.isFile() && !entry.name.startsWith(".") && BARS_FILE.test(entry.name),
      )
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/**
 * Hashes the contents of `files`, which an unchanged file is spared.
 *
 * File names count too, because a name can decide what is read: its ending says the format, and
 * its stem may be the symbol. Folders do not, so that the hash is the same on every machine.
 *
 * @param onRead told of bytes read of all bytes that must be read; never called if none must.
 */
export async function hashSources(
  files: readonly string[],
  known: SourceFiles,
  { signal, onRead }: { signal: AbortSignal; onRead: (done: number, total: number) => void },
): Promise<Sources> {
  const stamps = await Promise.all(files.map(stampOf));
  const unread = stamps.filter((stamp) => known.find(stamp) === null);
  const total = unread.reduce((bytes, stamp) => bytes + stamp.bytes, 0);
  let done = 0;
  for (const stamp of unread) {
    const sha256 = await hashFile(stamp.path, signal, (bytes) => {
      done += bytes;
      onRead(done, total);
    });
    known.record(await unchanged(stamp), sha256);
  }
  const contents = stamps.map((stamp) => ({
    name: basename(stamp.path),
    sha256: known.find(stamp),
  }));
  return { files, hash: sha256Of(contents) };
}

async function stampOf(path: string): Promise<FileStamp> {
  try {
    await access(path, constants.R_OK);
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return { path, bytes: Number(size), mtimeNs: String(mtimeNs), inode: String(ino) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function unchanged(before: FileStamp): Promise<FileStamp> {
  const after = await stampOf(before.path);
  if (after.bytes === before.bytes && after.mtimeNs === before.mtimeNs) return after;
  throw new WorkbenchError({
    code: "data.source_changed",
    detail: `${before.path} changed while it was read.`,
    hint: "Import it again when nothing writes to it any more.",
    where: { path: before.path },
  });
}

async function hashFile(
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const part of createReadStream(path, { signal, highWaterMark: 4 * 1024 * 1024 })) {
      hash.update(part as Buffer);
      onBytes((part as Buffer).length);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreadable(path, error);
  }
  return hash.digest("hex");
}

function nothingIn(path: string, what: string): WorkbenchError {
  return new WorkbenchError({
    code: "data.source_empty",
    detail: `${path} ${what}.`,
    hint: "Name the files themselves if they have other endings than .csv, .tsv, .txt or .parquet.",
    where: { path },
  });
}

function unreadable(path: string, error: unknown): WorkbenchError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new WorkbenchError(
    {
      code: "data.source_unreadable",
      detail: `${path} cannot be read (${reason}).`,
      hint: "Check its permissions, and that the disk or share it is on is there.",
      where: { path },
    },
    { cause: error },
  );
}
