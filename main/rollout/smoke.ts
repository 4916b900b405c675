import { z } from "zod";
import { InferRequest, type InferResponse, InferTensor } from "../../contract/deployment.ts";
import { type Problem, problemOf, WorkbenchError } from "../../contract/problem.ts";

/** A request and the outputs that the model gave for it when it was trained. */
export const SmokeExample = z.object({
  request: InferRequest,
  response: z.object({ outputs: z.array(InferTensor).min(1) }),
});
export type SmokeExample = z.infer<typeof SmokeExample>;

/** Served predictions may differ from those of training by no more than rounding. */
const TOLERANCE = 1e-9;

/** Throws unless the served model answers its example as it did when it was trained. */
export function checkSmoke(served: InferResponse, example: SmokeExample, name: string): void {
  for (const expected of example.response.outputs) {
    const found = served.outputs.find((output) => output.name === expected.name);
    if (!found) {
      const names = served.outputs.map((output) => output.name).join(", ");
      throw wrong(name, `it has no output ${expected.name}, only ${names}`, expected.name);
    }
    if (found.data.length !== expected.data.length) {
      const lengths = `${found.data.length} values instead of ${expected.data.length}`;
      throw wrong(name, `output ${expected.name} has ${lengths}`, expected.name);
    }
    for (const [row, value] of expected.data.entries()) {
      if (agree(found.data[row], value)) continue;
      const difference = `${found.data[row]} instead of ${value}`;
      throw wrong(name, `output ${expected.name} has ${difference} in row ${row}`, expected.name);
    }
  }
}

export function noExample(
  deployment: string,
  { model, version }: { readonly model: string; readonly version: string },
): WorkbenchError {
  return new WorkbenchError({
    code: "deployment.no_example",
    detail: `${model} version ${version} has no stored example to test it with.`,
    hint: "Register it again with this version of the workbench, which stores one.",
    where: { deployment, model, version },
  });
}

/** The error for a model server that has no answer to its example at all. */
export function smokeRefused(cause: unknown, deployment: string, log: string): WorkbenchError {
  return new WorkbenchError(
    {
      code: "deployment.smoke_failed",
      detail: `The served model cannot answer its stored example: ${problemOf(cause).detail}`,
      hint: `It is not put live. Its log says why: ${log}`,
      where: { deployment, log },
    },
    { cause },
  );
}

function agree(found: unknown, expected: unknown): boolean {
  if (typeof found !== "number" || typeof expected !== "number") return found === expected;
  return Math.abs(found - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
}

function wrong(deployment: string, fault: string, output: string): WorkbenchError {
  const problem: Problem = {
    code: "deployment.smoke_failed",
    detail: `The served model does not answer its stored example as it did in training: ${fault}.`,
    hint: "It is not put live. Train and register it again with this version of the workbench.",
    where: { deployment, output },
  };
  return new WorkbenchError(problem);
}
