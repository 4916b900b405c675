// npm run bench [-- NAME…] [--repeat N] [--json]: runs the programs in test/bench, each of which
// prints one JSON document {bench, …numbers, targets?, passed} and says by its exit code whether
// it met its targets. With --repeat, the median of each number is told.
import { readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { house } from "./prepare/places.mjs";
import { ProgramError, run } from "./prepare/run.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, repeat: { type: "string", default: "1" } },
});
const folder = path.join(house, "test", "bench");
const programs = readdirSync(folder)
  .filter((file) => /\.(ts|mjs)$/.test(file))
  .map((file) => ({ name: path.parse(file).name, file: path.join(folder, file) }))
  .filter(({ name }) => positionals.length === 0 || positionals.includes(name));

/**
 * @param {string} file
 * @returns {Promise<Record<string, unknown>>}
 */
async function measure(file) {
  try {
    return JSON.parse(await run(process.execPath, [file], { cwd: house }));
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    // A missed target ends with 1 too, and its numbers are what one wants to see.
    return documentIn(error.output) ?? { passed: false, error: error.message };
  }
}

/** @param {string} output @returns {Record<string, unknown> | undefined} */
function documentIn(output) {
  try {
    return JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
  } catch {
    // It broke off before it had measured anything.
    return undefined;
  }
}

/**
 * The numbers of a document by their dotted names.
 * @param {unknown} value
 * @param {string} [name]
 * @returns {[string, number][]}
 */
function numbersIn(value, name = "") {
  if (typeof value === "number") return [[name, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "targets" ? [] : numbersIn(inner, name === "" ? key : `${name}.${key}`),
  );
}

/** @param {number[]} sample */
function median(sample) {
  const sorted = sample.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

const results = [];
for (const { name, file } of programs) {
  const rounds = [];
  for (let round = 0; round < Number(values.repeat); round += 1) {
    console.error(`bench ${name}, ${round + 1} of ${values.repeat}`);
    rounds.push(await measure(file));
  }
  /** @type {Map<string, number[]>} */
  const samples = new Map();
  for (const [key, value] of rounds.flatMap((round) => numbersIn(round))) {
    samples.set(key, [...(samples.get(key) ?? []), value]);
  }
  const numbers = Object.fromEntries([...samples].map(([key, sample]) => [key, median(sample)]));
  const error = rounds.find((round) => round.error)?.error;
  const passed = rounds.every((round) => round.passed !== false);
  results.push({ bench: name, passed, numbers, targets: rounds[0]?.targets ?? {}, error });
}

if (values.json) console.log(JSON.stringify(results, null, 2));
else {
  for (const { bench, passed, numbers, targets: stated, error } of results) {
    // A bench may say beside each number whether its limit is met, or only name its targets.
    const targets = /** @type {Record<string, {limit?: string, met?: boolean}>} */ (stated);
    console.log(`\n${bench}  ${passed ? "pass" : "FAIL"}`);
    for (const [name, value] of Object.entries(numbers)) {
      const { limit, met } = targets[name] ?? {};
      const beside = limit === undefined ? "" : `  ${limit.padEnd(8)} ${met ? "yes" : "NO"}`;
      console.log(`  ${name.padEnd(34)} ${value.toPrecision(4).padStart(12)}${beside}`);
    }
    const untold = Object.entries(targets).filter(([, target]) => target?.limit === undefined);
    if (untold.length > 0) console.log(`  targets: ${JSON.stringify(Object.fromEntries(untold))}`);
    if (error) console.log(`  ${error}`);
  }
}
process.exitCode = results.length > 0 && results.every(({ passed }) => passed) ? 0 : 1;
