import type { Gate } from "./run.ts";

type Judged = Pick<Gate, "passed" | "value" | "decides">;
type GateResult = "pass" | "fail" | "absent";

/** What a gate came to. Where it decides, a value that is not known is a failure; else it is none. */
export function gateResult({ passed, value, decides = true }: Judged): GateResult {
  if (passed) return "pass";
  return value === null && !decides ? "absent" : "fail";
}

/** What a gate came to, and whether the verdict rests on it: "pass", "fail, told only". */
export function gateResultWords(gate: Judged): string {
  const result = gateResult(gate);
  return gate.decides === false ? `${result}, told only` : result;
}
