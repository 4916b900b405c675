// Writes main/stack/compose/generated from the JSON schema of the Compose Specification:
//   node scripts/generate-compose-validator.mjs [--output DIR]
// The schema takes a fifth of a second to compile, for which whoever loads it answers nobody.
// A unit test runs it into another folder and fails when the two differ.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { house } from "./prepare/places.mjs";

const { values } = parseArgs({ options: { output: { type: "string" } } });
const compose = path.join(house, "main/stack/compose");
const output = path.resolve(values.output ?? path.join(compose, "generated"));

const schema = JSON.parse(readFileSync(path.join(compose, "compose-spec.json"), "utf8"));
// Ajv has the draft that it names under another address.
delete schema.$schema;
const ajv = new Ajv({
  ...{ strict: false, allErrors: true, verbose: true, inlineRefs: false },
  code: { source: true, lines: true },
});

mkdirSync(output, { recursive: true });
writeFileSync(
  path.join(output, "compose-spec.cjs"),
  `// @ts-nocheck\n// Made by scripts/generate-compose-validator.mjs.\n${standalone.default(ajv, ajv.compile(schema))}`,
);
