import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkLayers } from "../../../scripts/lint/layers.mjs";

const rules = createRequire(import.meta.url)("../../../.dependency-cruiser.cjs").forbidden as {
  name: string;
}[];
const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), "layers-"));
  made.push(root);
  const all = {
    "index.ts": "export {};\n",
    "package.json": JSON.stringify({ name: "fixture", type: "module", dependencies: { lib: "1" } }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { module: "NodeNext", allowImportingTsExtensions: true, noEmit: true },
    }),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

const word = 'export type Word = "w";\nexport const word: Word = "w";\n';

test("a tree that keeps the rules passes, and its modules were seen", () => {
  const root = tree({
    "contract/word.ts": word,
    "main/engine/client.ts": 'import "../../contract/word.ts";\nexport type Client = 1;\n',
    "main/pipeline/runner.ts":
      'import type { Stack } from "../stack/stack.ts";\nimport "../engine/client.ts";\nexport type Runner = Stack;\n',
    "main/stack/stack.ts": 'import "../../contract/word.ts";\nexport type Stack = 2;\n',
    "main/api/router.ts": 'import "../pipeline/runner.ts";\nexport type Router = 3;\n',
    "main/workbench.ts": 'import "./stack/stack.ts";\nimport "./api/router.ts";\n',
    "main/shells/cli/main.ts": 'import "../../workbench.ts";\n',
    "renderer/app.ts":
      'import type { Router } from "../main/api/router.ts";\nexport type R = Router;\n',
  });
  expect(checkLayers(root)).toEqual({ modules: 8, violations: [] });
});

test("an empty cruise is reported as one", () => {
  expect(checkLayers(tree({ "contract/README.md": "no modules" })).modules).toBe(0);
});

/** For each rule, a module that breaks it and the text that does so. */
const breaches: Record<string, [file: string, text: string]> = {
  "no-cycles": ["main/engine/loop.ts", 'import "./pool.ts";\n'],
  "contract-stands-alone": ["contract/a.ts", 'import "../main/engine/word.ts";\n'],
  "ground-does-not-reach-up": [
    "main/runtime/up.ts",
    'import type { Word } from "../pipeline/word.ts";\nexport type W = Word;\n',
  ],
  "ground-does-not-reach-sideways": ["main/engine/side.ts", 'import "../runtime/word.ts";\n'],
  "services-do-not-reach-up": ["main/pipeline/up.ts", 'import "../api/word.ts";\n'],
  "services-do-not-reach-sideways": ["main/rollout/side.ts", 'import "../stack/word.ts";\n'],
  "api-does-not-import-shells": ["main/api/up.ts", 'import "../shells/cli/word.ts";\n'],
  "electron-in-its-shell-only": ["main/stack/window.ts", 'import "electron";\n'],
  "electron-shell-is-a-client": [
    "main/shells/electron/open.ts",
    'import "../../pipeline/word.ts";\n',
  ],
  "renderer-sees-types-of-the-api-only": [
    "renderer/deep.ts",
    'import type { Word } from "../main/engine/word.ts";\nexport type W = Word;\n',
  ],
  "renderer-imports-the-api-as-types": ["renderer/value.ts", 'import "../main/api/word.ts";\n'],
  "product-does-not-import-tests": ["main/engine/tested.ts", 'import "../../test/word.ts";\n'],
  "no-orphans": ["main/engine/alone.ts", "export const alone = 1;\n"],
  "not-resolvable": ["main/engine/lost.ts", 'import "./nowhere.ts";\n'],
  "declared-packages-only": ["main/engine/undeclared.ts", 'import "undeclared";\n'],
};

test("every rule has its breach", () => {
  expect(Object.keys(breaches).sort()).toEqual(rules.map((rule) => rule.name).sort());
});

describe("a tree in which every rule is broken once", () => {
  let violations: ReturnType<typeof checkLayers>["violations"];

  beforeAll(() => {
    const folders = ["engine", "runtime", "pipeline", "stack", "api"];
    const targets = folders.map((name) => [
      `main/${name}/word.ts`,
      'import "../../contract/word.ts";\nexport type Word = 1;\n',
    ]);
    const packages = ["electron", "undeclared"].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" })],
      [`node_modules/${name}/index.js`, "export {};\n"],
    ]);
    violations = checkLayers(
      tree({
        "contract/word.ts": word,
        "main/shells/cli/word.ts": 'import "../../../contract/word.ts";\n',
        "main/engine/pool.ts": 'import "./loop.ts";\n',
        "test/word.ts": word,
        ...Object.fromEntries([...targets, ...packages]),
        ...Object.fromEntries(Object.values(breaches)),
      }),
    ).violations;
  });

  test.each(Object.entries(breaches))("%s fails", (rule, [file]) => {
    const broken = violations.filter((violation) => violation.rule === rule);
    expect(broken.map((violation) => violation.from)).toEqual([file]);
  });
});
