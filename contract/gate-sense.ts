import { GATE_TERMS, type GateName } from "./gate-policy.ts";
import type { Gate } from "./run.ts";

/** Of the gates that no policy may change. */
const FIXED: Partial<Record<string, string>> = {
  sharpe_lead: ">",
  implausible_accuracy: "≤",
  leaks: "≤",
};

/** How a gate's value has to stand to its threshold, as the terms of its threshold say it. */
function senseOf(name: string): string {
  const terms = GATE_TERMS[name as GateName];
  if (!terms) return FIXED[name] ?? "≥";
  if (terms.title.endsWith("at most")) return "≤";
  return terms.title.endsWith("above") ? ">" : "≥";
}

/**
 * What a gate needs, with its direction and what else would do: "≥ 0.95", "≤ 0.5 or alike".
 *
 * @param number how numbers are written where it is shown
 */
export function gateNeeds(
  { name, threshold, otherwise }: Pick<Gate, "name" | "threshold" | "otherwise">,
  number: (value: number | null) => string,
): string {
  const needed = number(threshold);
  return threshold === null ? needed : [senseOf(name), needed, otherwise].filter(Boolean).join(" ");
}
