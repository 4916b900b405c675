import { describe, expect, it } from "vitest";
import type { ComparedRun } from "../../../contract/idea-list.ts";
import { bestOf, MEASURES } from "../../../renderer/pages/ideas/compare/measures.ts";
import { parametersOf } from "../../../renderer/pages/ideas/compare/parameters.ts";

describe("the parameters of several ideas", () => {
  const one = { id: "a", name: "A", tags: [], target: { kind: "direction", horizon: 5 } };

  it("differ where the documents do, and not in what they are called", () => {
    const other = { ...one, id: "b", name: "B", target: { kind: "direction", horizon: 10 } };
    expect(parametersOf([one, other])).toEqual([
      { path: "tags", values: ["none", "none"], differs: false },
      { path: "target.kind", values: ["direction", "direction"], differs: false },
      { path: "target.horizon", values: ["5", "10"], differs: true },
    ]);
  });

  it("say where one document is silent, and tell lists by their order", () => {
    const other = { ...one, tags: ["x", "y"], universe: { symbols: ["A"] } };
    const found = parametersOf([one, other, { ...other, tags: ["y", "x"] }]);
    expect(found.find(({ path }) => path === "tags")?.values).toEqual(["none", "x, y", "y, x"]);
    expect(found.find(({ path }) => path === "universe.symbols")).toEqual({
      path: "universe.symbols",
      values: ["–", "A", "A"],
      differs: true,
    });
  });
});

describe("the best of a measure", () => {
  const run = (turnover: number | null) => ({ backtest: { turnover } }) as unknown as ComparedRun;
  const turnover = MEASURES.find(({ title }) => title === "Turnover");

  it("is at the good end, and may be shared", () => {
    if (!turnover) throw new Error("There is no such measure.");
    expect(bestOf(turnover, [run(2), run(1), run(1), run(null)])).toEqual(new Set([1, 2]));
    expect(bestOf(turnover, [run(2), run(2)])).toEqual(new Set());
    expect(bestOf(turnover, [run(2), run(null)])).toEqual(new Set());
  });
});
