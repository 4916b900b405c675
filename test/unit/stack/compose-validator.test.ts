import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");
const output = mkdtempSync(join(tmpdir(), "compose-validator-"));
afterAll(() => rmSync(output, { recursive: true, force: true }));

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  // Git may check files out with the system's own line ends.
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n")]),
  );
}

it("the validator is the one that the specification's schema gives today", () => {
  const script = join(ROOT, "scripts/generate-compose-validator.mjs");
  execFileSync(process.execPath, [script, "--output", output]);
  const today = filesOf(output);
  expect(Object.keys(today)).toContain("compose-spec.cjs");
  // If this fails: node scripts/generate-compose-validator.mjs
  expect(filesOf(join(ROOT, "main/stack/compose/generated"))).toEqual(today);
});
