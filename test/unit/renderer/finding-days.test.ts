import { expect, it } from "vitest";
import type { RunFinding } from "../../../contract/run.ts";
import { findingDays } from "../../../renderer/pages/ideas/idea/tabs/finding-days.ts";

const finding = (found: Partial<RunFinding>): RunFinding => ({
  rule: "gap",
  severity: "warning",
  symbol: "<img onerror=alert(1)>",
  from: "2015-03-06",
  to: "2015-03-09",
  action: "kept",
  rows: 2,
  detail: "",
  ...found,
});

it("touches the weekdays of a finding, and the day itself of one on a single day", () => {
  expect(findingDays([finding({})]).map(({ date }) => date)).toEqual(["2015-03-06", "2015-03-09"]);
  const onSaturday = finding({ from: "2015-03-07", to: null, severity: "error" });
  expect(findingDays([onSaturday])).toEqual([
    { date: "2015-03-07", error: 1, warning: 0, info: 0 },
  ]);
});

it("adds up findings of a day, in the order of days, and leaves out what is on no day", () => {
  const days = findingDays([
    finding({ from: "2015-03-10", to: "2015-03-10" }),
    finding({ from: "2015-03-09", to: "2015-03-10", severity: "info" }),
    finding({ symbol: null }),
    finding({ from: null, to: null }),
  ]);
  expect(days).toEqual([
    { date: "2015-03-09", error: 0, warning: 0, info: 1 },
    { date: "2015-03-10", error: 0, warning: 1, info: 1 },
  ]);
});
