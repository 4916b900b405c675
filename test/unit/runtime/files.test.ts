import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemOf } from "../../../contract/problem.ts";
import { readJsonIfPresent, writeFileAtomic } from "../../../main/runtime/atomic-file.ts";
import { LineLog, type LostLines, ServiceLog } from "../../../main/runtime/log-files.ts";
import { Secrets } from "../../../main/runtime/secrets.ts";
import { Workspace } from "../../../main/runtime/workspace.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "breadthflow-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const posix = process.platform !== "win32";

describe("atomic files", () => {
  test("a reader never sees a part of a file that is being replaced", async () => {
    const path = join(folder, "value");
    const contents = ["a", "b"].map((letter) => letter.repeat(200_000));
    await writeFileAtomic(path, contents[0] as string);
    let writing = true;
    const writer = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await writeFileAtomic(path, contents[round % 2] as string);
      }
      writing = false;
    })();
    while (writing) {
      expect(contents).toContain(readFileSync(path, "utf8"));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writer;
    expect(readdirSync(folder)).toEqual(["value"]);
  });

  test("a write that fails leaves the old file and nothing beside it", async () => {
    mkdirSync(join(folder, "taken", "by-a-folder"), { recursive: true });
    await expect(writeFileAtomic(join(folder, "taken"), "x")).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  test("a missing file is no value, a damaged one an error", async () => {
    expect(await readJsonIfPresent(join(folder, "none.json"))).toBeUndefined();
    writeFileSync(join(folder, "half.json"), '{"a": ');
    await expect(readJsonIfPresent(join(folder, "half.json"))).rejects.toThrow(SyntaxError);
  });
});

describe("secrets", () => {
  test("a secret is made once, long, and readable by its owner only", () => {
    const path = join(folder, "secrets.json");
    const made = new Secrets(path).get("engine");
    expect(Buffer.from(made, "base64url")).toHaveLength(32);
    const again = new Secrets(path);
    expect([again.get("engine"), again.get("router") === made]).toEqual([made, false]);
    if (posix) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("a damaged secrets file is named, not overwritten", () => {
    const path = join(folder, "secrets.json");
    writeFileSync(path, "{");
    let problem: unknown;
    try {
      new Secrets(path).get("engine");
    } catch (error) {
      problem = problemOf(error);
    }
    expect(problem).toMatchObject({ code: "secrets.damaged", where: { file: path } });
    expect(readFileSync(path, "utf8")).toBe("{");
  });
});

test("a workspace's private folders are its owner's only", () => {
  const workspace = new Workspace(join(folder, "ws")).create();
  if (!posix) return;
  for (const path of [workspace.serving, workspace.logs, workspace.run, workspace.mlflow]) {
    expect(statSync(path).mode & 0o777).toBe(0o700);
  }
});

test("a workspace without its index is told to be gone", () => {
  const workspace = new Workspace(join(folder, "ws")).create();
  writeFileSync(workspace.index, "");
  workspace.requirePresent();
  rmSync(workspace.root, { recursive: true });
  expect(() => workspace.requirePresent()).toThrow(`${workspace.root} is not there any more`);
});

describe("service logs", () => {
  test("the tail is the last lines, however long the log", async () => {
    const log = new ServiceLog(join(folder, "s.log"));
    for (let block = 0; block < 20; block += 1) {
      const lines = Array.from({ length: 1000 }, (_, line) => `line ${block * 1000 + line}`);
      appendFileSync(log.path, `${lines.join("\n")}\n`);
    }
    expect(await log.tail(2)).toEqual(["line 19998", "line 19999"]);
    expect((await log.tail(15_000)).at(0)).toBe("line 5000");
    expect(await log.tail(100_000)).toHaveLength(20_000);
    expect(await new ServiceLog(join(folder, "none.log")).tail(5)).toEqual([]);
  });

  test("a full log is moved aside while its writer goes on, and only so many are kept", async () => {
    const log = new ServiceLog(join(folder, "s.log"), { maxBytes: 100, keep: 2 });
    const writer = log.openForChild();
    for (let age = 0; age < 4; age += 1) {
      writeSync(writer, `generation ${age} ${"x".repeat(100)}\n`);
      expect(await log.rotateIfFull()).toBe(true);
    }
    writeSync(writer, "now\n");
    closeSync(writer);
    expect(readFileSync(log.path, "utf8")).toBe("now\n");
    expect(readdirSync(folder).sort()).toEqual(["s.log", "s.log.1", "s.log.2"]);
    expect(readFileSync(`${log.path}.1`, "utf8")).toContain("generation 3");
  });

  test("following gives whole lines and whole characters, across a rotation too", async () => {
    const log = new ServiceLog(join(folder, "s.log"), { maxBytes: 10, keep: 1 });
    appendFileSync(log.path, "before\n");
    const leave = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const line of log.follow({ tail: 1, signal: leave.signal })) seen.push(line);
    })();
    const until = async (lines: number) => {
      while (seen.length < lines) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await until(1);
    const euro = Buffer.from("10 €\n");
    appendFileSync(log.path, euro.subarray(0, 4));
    await new Promise((resolve) => setTimeout(resolve, 150));
    appendFileSync(log.path, euro.subarray(4));
    await until(2);
    await log.rotateIfFull();
    await new Promise((resolve) => setTimeout(resolve, 150));
    appendFileSync(log.path, "after\n");
    await until(3);
    leave.abort();
    await following;
    expect(seen).toEqual(["before", "10 €", "after"]);
  });

  test("a line log appends in order and turns over when it is full", async () => {
    const path = join(folder, "requests.jsonl");
    const log = new LineLog(path, unexpected, { maxBytes: 50, keep: 2 }, 5);
    for (let line = 0; line < 10; line += 1) log.write(`{"line": ${line}}`);
    await log.flush();
    log.write("last");
    await log.flush();
    expect(readFileSync(`${path}.1`, "utf8").split("\n")).toHaveLength(11);
    expect(readFileSync(path, "utf8")).toBe("last\n");
  });

  test("lines that cannot be appended are counted and said, and a torn one spoils no other", async () => {
    const path = join(folder, "requests.jsonl");
    const told: LostLines[] = [];
    const log = new LineLog(path, (lost) => told.push(lost));
    // Nothing can be appended to a folder, as nothing can on a full disk.
    mkdirSync(path);
    log.write("one");
    log.write("two");
    await log.flush();
    log.write("three");
    await log.flush();
    expect(told).toMatchObject([
      { lines: 2, total: 2, error: { code: "EISDIR" } },
      { lines: 1, total: 3, error: { code: "EISDIR" } },
    ]);
    rmSync(path, { recursive: true });
    writeFileSync(path, '{"half');
    log.write("four");
    await log.flush();
    log.write("five");
    await log.flush();
    expect(readFileSync(path, "utf8")).toBe('{"half\nfour\nfive\n');
    expect(told).toHaveLength(2);
  });

  test.runIf(existsSync("/dev/full"))("a full disk is said in the disk's own words", async () => {
    const told: LostLines[] = [];
    const log = new LineLog("/dev/full", (lost) => told.push(lost));
    log.write("one");
    await log.flush();
    expect(told).toMatchObject([{ lines: 1, total: 1, error: { code: "ENOSPC" } }]);
  });
});

const unexpected = ({ error }: LostLines) => {
  throw error;
};
