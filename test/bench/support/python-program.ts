import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type EnvironmentName, Environments } from "../../../main/runtime/environments.ts";
import { environmentFolder, interpreterIn } from "../../../scripts/prepare/places.mjs";

const BENCH = join(import.meta.dirname, "..");

/** Runs a program of test/bench in one of the environments; what it prints is one JSON document. */
export function measureInPython<T>(
  program: string,
  args: readonly string[],
  environment: EnvironmentName | "peers" = "core",
): T {
  const environments = new Environments({
    root: join(BENCH, "..", ".."),
    override: process.env.BREADTHFLOW_ENVIRONMENTS,
  });
  // The peers are no part of the product, so the product does not know their environment.
  const python =
    environment === "peers"
      ? interpreterIn(environmentFolder(environment))
      : environments.python(environment);
  const done = spawnSync(python, [join(BENCH, program), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PYTHONPATH: environments.enginePackage },
  });
  if (done.status !== 0) throw new Error(`the measurement failed: ${done.error ?? done.status}`);
  return JSON.parse(done.stdout) as T;
}

/** Prints the document with its targets and says by the exit code whether they were met. */
export function conclude(bench: string, result: object, targets: object, passed: boolean): void {
  console.log(JSON.stringify({ bench, ...result, targets, passed }, null, 2));
  process.exitCode = passed ? 0 : 1;
}
