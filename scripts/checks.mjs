// Every check of the house, as a program that is run without a shell, and the runner for them.
import { spawn } from "node:child_process";
import path from "node:path";
import { engineFolder, environmentFolder, house, interpreterIn } from "./prepare/places.mjs";

const node = process.execPath;
const python = interpreterIn(environmentFolder("test"));
const engineTests = path.join(house, "test", "engine");
const modules = path.join(house, "node_modules");

/**
 * @typedef {{name: string, command: string, args: string[], cwd?: string, env?: NodeJS.ProcessEnv,
 *   isTest?: boolean}} Check `isTest`: its closing lines count tests
 * @type {Check[]}
 */
export const lintChecks = [
  { name: "biome", command: node, args: [bin("@biomejs/biome/bin/biome"), "check", "."] },
  { name: "types", command: node, args: [bin("typescript/bin/tsc"), "--project", "."] },
  {
    name: "screen types",
    command: node,
    args: [bin("typescript/bin/tsc"), "--project", "tsconfig.renderer.json"],
  },
  { name: "layers", command: node, args: [path.join(house, "scripts/lint/layers.mjs")] },
  {
    name: "ruff",
    command: python,
    args: ["-m", "ruff", "check", "--config", "pyproject.toml", "breadthflow_engine", engineTests],
    cwd: engineFolder,
  },
  {
    name: "ruff format",
    command: python,
    args: [
      ...["-m", "ruff", "format", "--check", "--config", "pyproject.toml"],
      ...["breadthflow_engine", engineTests],
    ],
    cwd: engineFolder,
  },
  {
    name: "pyright",
    command: node,
    args: [bin("pyright/index.js"), "--project", engineFolder, "--pythonpath", python],
  },
];

/** @type {Check[]} */
export const testChecks = [
  {
    name: "vitest",
    command: node,
    args: [bin("vitest/vitest.mjs"), "run", "--project", "unit"],
    isTest: true,
  },
  {
    name: "pytest",
    command: python,
    args: ["-m", "pytest"],
    cwd: engineFolder,
    env: { PYTHONPATH: engineFolder },
    isTest: true,
  },
  {
    name: "stack",
    command: node,
    args: [bin("vitest/vitest.mjs"), "run", "--project", "stack"],
    isTest: true,
  },
  {
    name: "e2e",
    command: node,
    args: [bin("vitest/vitest.mjs"), "run", "--project", "e2e"],
    isTest: true,
  },
  {
    name: "screens",
    command: node,
    args: [bin("@playwright/test/cli.js"), "test"],
    isTest: true,
  },
];

/** @param {string} script inside node_modules */
function bin(script) {
  return path.join(modules, script);
}

/** What the tests are told about where the other environments are. */
function environmentVariables() {
  return {
    BREADTHFLOW_CORE_PYTHON: interpreterIn(environmentFolder("core")),
    BREADTHFLOW_TRACKING_PYTHON: interpreterIn(environmentFolder("tracking")),
    BREADTHFLOW_SERVING_PYTHON: interpreterIn(environmentFolder("serving")),
    BREADTHFLOW_NOTEBOOKS_PYTHON: interpreterIn(environmentFolder("notebooks")),
    BREADTHFLOW_PEERS_PYTHON: interpreterIn(environmentFolder("peers")),
  };
}

/**
 * Runs all of them, whatever becomes of each, and closes with every runner's own last lines.
 * @param {Check[]} checks
 * @returns {Promise<boolean>} whether all passed
 */
export async function runChecks(checks) {
  const results = [];
  for (const check of checks) {
    console.log(`\n── ${check.name}`);
    const started = performance.now();
    const { passed, output } = await runCheck(check);
    results.push({ check, passed, output, seconds: (performance.now() - started) / 1000 });
  }
  console.log("\n── summary");
  for (const { check, passed, output, seconds } of results) {
    const mark = passed ? "pass" : "FAIL";
    console.log(`${mark}  ${check.name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
    if (check.isTest) console.log(closingLines(output));
    if (check.isTest && !passed) console.log(failures(output).join("\n"));
  }
  const counted = results.filter(({ check }) => check.isTest).map(({ output }) => count(output));
  if (counted.length > 0) {
    const sum = (/** @type {"passed" | "failed" | "skipped"} */ what) =>
      counted.reduce((total, counts) => total + counts[what], 0);
    console.log(
      `tests: ${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`,
    );
  }
  return results.every(({ passed }) => passed);
}

/**
 * @param {Check} check
 * @returns {Promise<{passed: boolean, output: string}>}
 */
function runCheck({ command, args, cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: cwd ?? house,
      env: { ...process.env, ...environmentVariables(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      from.setEncoding("utf8");
      from.on("data", (/** @type {string} */ chunk) => {
        output += chunk;
        to.write(chunk);
      });
    }
    child.once("error", (error) => {
      console.error(error.message);
      resolve({ passed: false, output: error.message });
    });
    child.once("close", (code) => resolve({ passed: code === 0, output }));
  });
}

/** A runner's own summary: the lines at its end that count. @param {string} output */
function closingLines(output) {
  const lines = plain(output).trimEnd().split("\n").slice(-8);
  return lines.filter((line) => /\d+ (passed|failed|skipped|error)/.test(line)).join("\n");
}

/**
 * Which tests failed and the first thing each said, so that the end of a long log tells it.
 * @param {string} output
 */
function failures(output) {
  const lines = plain(output).split("\n");
  const heads = lines.flatMap((line, at) => {
    const names = /^\s*(FAIL|FAILED|ERROR)\s|^\s+\d+\) \[/.test(line);
    const said = lines.slice(at + 1).find((next) => next.trim() !== "") ?? "";
    return names ? [`${line.trim()} | ${said.trim()}`.slice(0, 400)] : [];
  });
  return [...new Set(heads)].slice(0, 20);
}

/** @param {string} output */
function count(output) {
  const line = closingLines(output).trimEnd().split("\n").at(-1) ?? "";
  const of = (/** @type {RegExp} */ word) => Number(word.exec(line)?.[1] ?? 0);
  return {
    passed: of(/(\d+) passed/),
    failed: of(/(\d+) failed/) + of(/(\d+) errors?/),
    skipped: of(/(\d+) skipped/),
  };
}

/** @param {string} text */
function plain(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return text.replaceAll(/\u001b\[[\d;]*m/g, "");
}

/**
 * The checks that were named, or all.
 * @param {Check[]} checks
 * @param {readonly string[]} names
 */
export function choose(checks, names) {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length === 0) {
    return names.length === 0 ? checks : checks.filter(({ name }) => names.includes(name));
  }
  console.error(
    `No such check: ${unknown.join(", ")}; there are ${checks.map((c) => c.name).join(", ")}.`,
  );
  process.exit(2);
}
