import { expect, test } from "vitest";
import { IdeaId } from "../../../contract/ids.ts";
import type { Verdict } from "../../../contract/run.ts";
import { surprises } from "../../../main/shells/cli/commands/demo.ts";

const runs = (volatility: Verdict | null, reversal: Verdict | null) => [
  { idea: IdeaId.parse("volatility"), verdict: volatility },
  { idea: IdeaId.parse("reversal"), verdict: reversal },
];

test("the demo fails where the idea that stands does not, or the one that falls does", () => {
  expect(surprises(runs("deploy", "reject"))).toEqual([]);
  expect(surprises(runs("watch", "reject"))).toEqual([
    "The verdict on volatility is watch, not deploy.",
  ]);
  expect(surprises(runs("deploy", "deploy"))).toEqual([
    "The verdict on reversal is deploy, not reject.",
  ]);
  expect(surprises(runs(null, null))).toHaveLength(2);
});
