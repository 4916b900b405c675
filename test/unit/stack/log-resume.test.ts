import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Resumption, reachedIn } from "../../../main/stack/docker/log-resume.ts";
import { temporaryFolder } from "./support/test-services.ts";

const A = "2026-01-02T03:04:05.000000001Z";
const B = "2026-01-02T03:04:05.000000002Z";
const C = "2026-01-02T03:04:06.000000000Z";
const WHOLE = `${A} one\n${B} two\n${B} two again\n${B} third\n${C} four\n`;

let folder: string;
let log: string;
beforeEach(() => {
  folder = temporaryFolder();
  log = join(folder, "a.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The log after a daemon that tells `told` in pieces of some size was listened to again. */
async function resumed(written: string, told: string, size: number): Promise<string> {
  writeFileSync(log, written);
  const reached = await reachedIn(log);
  const resumption = new Resumption(reached);
  const since = told
    .split(/(?<=\n)/)
    .filter((line) => (line.split(" ")[0] as string) >= reached.time);
  const bytes = Buffer.from(since.join(""));
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    pieces.push(resumption.take(bytes.subarray(at, at + size)));
  }
  return written + Buffer.concat([...pieces, resumption.end()]).toString("utf8");
}

test("wherever a log was cut off and however the daemon's words are cut, it becomes whole", async () => {
  for (let cut = 0; cut <= WHOLE.length; cut += 1) {
    for (const size of [1, 7, 40, 1000]) {
      expect(await resumed(WHOLE.slice(0, cut), WHOLE, size), `${cut} ${size}`).toBe(WHOLE);
    }
  }
});

test("a last line without an end is neither written twice nor waited for", async () => {
  const told = `${WHOLE}${C} unended`;
  for (const cut of [told.length, told.length - 3, WHOLE.length]) {
    expect(await resumed(told.slice(0, cut), told, 5), String(cut)).toBe(told);
  }
});

test("what a container that is gone had begun stays a line of its own", async () => {
  const next = "2026-01-02T03:05:00.000000000Z hello\n";
  expect(await resumed(`${WHOLE}${C} begun`, next, 9)).toBe(`${WHOLE}${C} begun\n${next}`);
});

test("a log that was just rotated goes on where its predecessor ended", async () => {
  writeFileSync(`${log}.1`, WHOLE);
  writeFileSync(log, "");
  expect(await reachedIn(log)).toMatchObject({ time: C, lines: 1 });
});
