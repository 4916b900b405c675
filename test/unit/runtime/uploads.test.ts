import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { Uploads } from "../../../main/runtime/uploads.ts";

let folder: string;
let uploads: Uploads;
beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "breadthflow-uploads-"));
  onTestFinished(() => rm(root, { recursive: true }));
  folder = join(root, "uploads");
  uploads = new Uploads(folder, 100);
});

describe("uploads", () => {
  it("are kept whole under their own name, each apart from the others", async () => {
    const one = await uploads.receive("prices.csv", Readable.from([Buffer.from("a,b")]));
    const other = await uploads.receive("prices.csv", Readable.from([Buffer.from("c,d")]));
    expect(basename(one)).toBe("prices.csv");
    expect(other).not.toBe(one);
    expect(await readFile(one, "utf8")).toBe("a,b");
  });

  it.each([
    "../../escape.csv",
    "..\\..\\escape.csv",
    "/etc/passwd",
    "a\0b.csv",
    "..",
    "",
    "con:.csv",
  ])("stay in their folder, whatever they call themselves: %j", async (name) => {
    const file = await uploads.receive(name, Readable.from([Buffer.from("x")]));
    expect(dirname(dirname(file))).toBe(folder);
    expect(basename(file)).not.toMatch(/[/\\:\0]|^\./);
  });

  it("that are too large or break off leave nothing", async () => {
    const large = Readable.from([Buffer.alloc(60), Buffer.alloc(60)]);
    await expect(uploads.receive("large.csv", large)).rejects.toMatchObject({
      problem: { code: "upload.too_large" },
    });
    const broken = new Readable({ read: () => undefined });
    broken.push(Buffer.alloc(10));
    setTimeout(() => broken.destroy(new Error("gone")), 20);
    await expect(uploads.receive("broken.csv", broken)).rejects.toMatchObject({
      problem: { code: "upload.not_written" },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("are removed once they are imported; a person's own file is not", async () => {
    const file = await uploads.receive("prices.csv", Readable.from([Buffer.from("x")]));
    const own = join(dirname(folder), "own.csv");
    await writeFile(own, "mine");
    await uploads.forget([file, own, join(folder, "..", "own.csv")]);
    expect(await readdir(folder)).toEqual([]);
    expect(await readFile(own, "utf8")).toBe("mine");
  });
});
