import type { Gate } from "./run.ts";

/** How a gate's value has to stand to its threshold; most must reach it. */
const OTHER_SENSES: Partial<Record<string, string>> = {
  rank_ic: ">",
  ic_after_costs: ">",
  sharpe_lead: ">",
  overfitting: "≤",
  implausible_accuracy: "≤",
  leaks: "≤",
};

/**
 * What a gate needs, with its direction: "≥ 0.95", "≤ 0.2".
 *
 * @param number how numbers are written where it is shown
 */
export function gateNeeds(
  { name, threshold }: Pick<Gate, "name" | "threshold">,
  number: (value: number | null) => string,
): string {
  const needed = number(threshold);
  return threshold === null ? needed : `${OTHER_SENSES[name] ?? "≥"} ${needed}`;
}
