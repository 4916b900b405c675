// Writes main/engine/generated from the engine's own description of its HTTP API:
//   node scripts/generate-engine-client.mjs [--output DIR]
// A unit test runs it into another folder and fails when the two differ.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { createClient } from "@hey-api/openapi-ts";
import { engineFolder, environmentFolder, house, interpreterIn } from "./prepare/places.mjs";

const { values } = parseArgs({ options: { output: { type: "string" } } });
const output = path.resolve(values.output ?? path.join(house, "main/engine/generated"));

const python = process.env.BREADTHFLOW_PYTHON ?? interpreterIn(environmentFolder("core"));
const description = execFileSync(python, ["-m", "breadthflow_engine", "openapi"], {
  encoding: "utf8",
  env: { ...process.env, PYTHONPATH: engineFolder },
  maxBuffer: 64 * 1024 * 1024,
});

const aside = mkdtempSync(path.join(tmpdir(), "engine-openapi-"));
try {
  const input = path.join(aside, "openapi.json");
  writeFileSync(input, description);
  await createClient({
    input,
    output: { path: output, importFileExtension: ".ts" },
    plugins: ["@hey-api/typescript"],
    logs: { level: "silent" },
  });
} finally {
  rmSync(aside, { recursive: true, force: true });
}
