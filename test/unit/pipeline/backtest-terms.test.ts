import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Idea } from "../../../contract/idea.ts";
import { Environments } from "../../../main/runtime/environments.ts";

/** The engine's own answer: names and defaults of what a backtest may be asked for. */
function engineTerms(): Record<string, { default?: unknown }> {
  const root = join(import.meta.dirname, "../../..");
  const environments = new Environments({ root });
  const program = [
    "import json",
    "from breadthflow_engine.backtest.settings import Trading",
    "print(json.dumps(Trading.model_json_schema()['properties']))",
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
  const terms = engineTerms();
  expect(Object.keys(terms).sort()).toEqual(Object.keys(Idea.shape.backtest.shape).sort());
  const told: Record<string, unknown> = Idea.shape.backtest.parse({ strategy: "long_short" });
  for (const [name, { default: own }] of Object.entries(terms)) {
    // What an idea leaves out without a default, the engine takes for null.
    if (name !== "strategy") expect({ [name]: told[name] ?? null }).toEqual({ [name]: own });
  }
});
