import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Idea } from "../../../contract/idea.ts";
import { Environments } from "../../../main/runtime/environments.ts";

/** The engine's own answer: names and defaults of what may be asked for. */
function engineTerms(module: string, model: string): Record<string, { default?: unknown }> {
  const root = join(import.meta.dirname, "../../..");
  const environments = new Environments({ root });
  const program = [
    "import json",
    `from breadthflow_engine.${module} import ${model} as terms`,
    "print(json.dumps(terms.model_json_schema()['properties']))",
  ].join("\n");
  const done = spawnSync(
    process.env.BREADTHFLOW_CORE_PYTHON ?? environments.python("core"),
    ["-c", program],
    { encoding: "utf8", env: { ...process.env, PYTHONPATH: environments.enginePackage } },
  );
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

test("an idea's backtest says what the engine understands, with the same defaults", () => {
  const terms = engineTerms("backtest.settings", "Trading");
  expect(Object.keys(terms).sort()).toEqual(Object.keys(Idea.shape.backtest.shape).sort());
  const told: Record<string, unknown> = Idea.shape.backtest.parse({ strategy: "long_short" });
  for (const [name, { default: own }] of Object.entries(terms)) {
    // What an idea leaves out without a default, the engine takes for null.
    if (name !== "strategy") expect({ [name]: told[name] ?? null }).toEqual({ [name]: own });
  }
});

test("an idea's validation says what the engine understands, and nothing where it says nothing", () => {
  const terms = engineTerms("validation.settings", "Validation");
  expect(Object.keys(terms).sort()).toEqual(
    Object.keys(Idea.shape.validation.unwrap().shape).sort(),
  );
  const told: Record<string, unknown> = Idea.shape.validation.parse(undefined);
  for (const [name, value] of Object.entries(told)) expect(value).toEqual(terms[name]?.default);
  // What is left out is in no content key, so that an option added later changes none.
  expect(Object.keys(told).sort()).toEqual(["embargo", "first_train_fraction", "folds", "scheme"]);
});
