import { expect, test } from "vitest";
import { gateNeeds } from "../../../contract/gate-sense.ts";

const needs = (name: string, threshold: number | null) =>
  gateNeeds({ name, threshold }, (value) => String(value ?? "–"));

test("what else lets it pass stands beside it", () => {
  const gate = { name: "overfitting", threshold: 0.5, otherwise: "or alike" };
  expect(gateNeeds(gate, String)).toBe("≤ 0.5 or alike");
});

test("what a gate needs is told with its direction", () => {
  expect(needs("deflated_sharpe", 0.95)).toBe("≥ 0.95");
  expect(needs("overfitting", 0.2)).toBe("≤ 0.2");
  expect(needs("rank_ic", 0.01)).toBe("> 0.01");
  expect(needs("ic_after_costs", 0)).toBe("> 0");
  expect(needs("leaks", 0)).toBe("≤ 0");
  expect(needs("implausible_accuracy", 0.2)).toBe("≤ 0.2");
  expect(needs("deflated_sharpe", null)).toBe("–");
});
