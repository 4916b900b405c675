import type { Database } from "./database.ts";

/** What tells one state of a file from another without reading it. */
export type FileStamp = {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeNs: string;
  readonly inode: string;
};

/** Hashes of source files that were read before. */
export class SourceFiles {
  readonly #find;
  readonly #record;

  constructor(database: Database) {
    this.#find = database.prepare<FileStamp, { sha256: string }>(
      `SELECT sha256 FROM source_files
       WHERE path = :path AND bytes = :bytes AND mtime_ns = :mtimeNs AND inode = :inode`,
    );
    this.#record = database.prepare<FileStamp & { sha256: string }>(
      `INSERT INTO source_files (path, bytes, mtime_ns, inode, sha256)
       VALUES (:path, :bytes, :mtimeNs, :inode, :sha256)
       ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, mtime_ns = excluded.mtime_ns,
         inode = excluded.inode, sha256 = excluded.sha256`,
    );
  }

  /** The hash of the file, if it was read in this very state. */
  find(stamp: FileStamp): string | null {
    return this.#find.get(stamp)?.sha256 ?? null;
  }

  record(stamp: FileStamp, sha256: string): void {
    this.#record.run({ ...stamp, sha256 });
  }
}
