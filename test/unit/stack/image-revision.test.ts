import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { imageRevision } from "../../../main/stack/docker/image-revision.ts";

const bundles = mkdtempSync(join(tmpdir(), "breadthflow-bundles-"));
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(bundles, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return imageRevision(bundles);
}

test("an image is another one when its sources are, and not for what a run has compiled", () => {
  for (const folder of ["engine/locks", "images/python"]) {
    mkdirSync(join(bundles, folder), { recursive: true });
  }
  const first = write("engine/breadthflow_engine/steps/train.py", "a = 1");
  for (const compiled of ["train.cpython-311.pyc", "train.fit-3.py311.nbi", "train.fit-3.1.nbc"]) {
    const path = `engine/breadthflow_engine/steps/__pycache__/${compiled}`;
    expect(write(path, "machine code"), compiled).toBe(first);
  }
  const changed = write("engine/breadthflow_engine/steps/train.py", "a = 2");
  expect(changed).not.toBe(first);
  expect(write("engine/locks/core.txt", "numba==1")).not.toBe(changed);
});
