import { chmodSync, mkdirSync, renameSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { expandSources, hashSources } from "../../../main/pipeline/sources.ts";
import { openProjectIndex } from "../../../main/project-index/project-index.ts";
import { csv, folder } from "./fixture.ts";

const NOBODY = 65_534;

function knownFiles() {
  const root = folder();
  const index = openProjectIndex({ file: join(root, "index.db"), backups: join(root, "backups") });
  onTestFinished(() => index.close());
  return index.sourceFiles;
}

/** Root may read everything; so where root runs the tests, somebody else does this. */
async function asNobodySpecial<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

async function hashOf(files: string[], known = knownFiles()) {
  let read = 0;
  const { hash } = await hashSources(files, known, {
    signal: new AbortController().signal,
    onRead: (done) => {
      read = done;
    },
  });
  return { hash, read };
}

describe("sources", () => {
  it("stand for the files of folders and globs, in name order", async () => {
    const root = folder();
    mkdirSync(join(root, "deep"));
    const b = csv(join(root, "b.csv"), "b");
    const a = csv(join(root, "deep", "a.parquet"), "a");
    const c = csv(join(root, "c.csv.gz"), "c");
    csv(join(root, "notes.md"), "no bars");
    csv(join(root, ".hidden.csv"), "no bars");
    expect(await expandSources([root])).toEqual([b, c, a]);
    expect(await expandSources([join(root, "*.csv*")])).toEqual([b, c]);
    expect(await expandSources([c, root])).toEqual([c, b, a]);
  });

  it("may have a name with a pattern's characters in it", async () => {
    const path = csv(join(folder(), "bars[1].csv"), "x");
    expect(await expandSources([path])).toEqual([path]);
  });

  it.each([
    ["data.source_missing", "nowhere.csv"],
    ["data.source_empty", "."],
    ["data.source_empty", "*.csv"],
  ])("that are not there are refused: %s", async (code, source) => {
    await expect(expandSources([join(folder(), source)])).rejects.toMatchObject({
      problem: { code },
    });
  });

  it.skipIf(process.platform === "win32")("that cannot be read are refused by name", async () => {
    const open = folder();
    chmodSync(open, 0o755);
    const locked = join(open, "locked");
    mkdirSync(locked, { mode: 0 });
    onTestFinished(() => chmodSync(locked, 0o700));
    await asNobodySpecial(() =>
      expect(expandSources([locked])).rejects.toMatchObject({
        problem: { code: "data.source_unreadable", where: { path: locked } },
      }),
    );
  });

  it("have the same hash in every folder, another for other contents, names or order", async () => {
    const [here, there] = [folder(), folder()];
    const [a, b] = [csv(join(here, "a.csv"), "1"), csv(join(here, "b.csv"), "2")];
    const copies = [csv(join(there, "a.csv"), "1"), csv(join(there, "b.csv"), "2")];
    const { hash } = await hashOf([a, b]);
    expect((await hashOf(copies)).hash).toBe(hash);
    expect((await hashOf([b, a])).hash).not.toBe(hash);
    expect((await hashOf([a, csv(join(there, "b.csv"), "3")])).hash).not.toBe(hash);
    renameSync(b, join(here, "c.csv"));
    expect((await hashOf([a, join(here, "c.csv")])).hash).not.toBe(hash);
  });

  it("are read once, and again only when they have changed", async () => {
    const path = csv(join(folder(), "bars.csv"), "12345");
    const known = knownFiles();
    expect((await hashOf([path], known)).read).toBe(5);
    expect((await hashOf([path], known)).read).toBe(0);
    utimesSync(path, new Date(0), new Date(0));
    expect((await hashOf([path], known)).read).toBe(5);
  });
});
