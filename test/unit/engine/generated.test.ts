import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { corePython } from "./trial-engine.ts";

const ROOT = join(import.meta.dirname, "../../..");
const output = mkdtempSync(join(tmpdir(), "engine-types-"));
afterAll(() => rmSync(output, { recursive: true, force: true }));

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  // Git may check files out with the system's own line ends.
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n")]),
  );
}

it("the client's types are those that the engine's description gives today", () => {
  execFileSync(
    process.execPath,
    [join(ROOT, "scripts/generate-engine-client.mjs"), "--output", output],
    { env: { ...process.env, BREADTHFLOW_PYTHON: corePython() } },
  );
  const today = filesOf(output);
  expect(Object.keys(today)).toContain("types.gen.ts");
  // If this fails: node scripts/generate-engine-client.mjs
  expect(filesOf(join(ROOT, "main/engine/generated"))).toEqual(today);
});
