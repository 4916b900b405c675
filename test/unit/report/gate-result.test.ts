import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { gateResultWords } from "../../../contract/gate-result.ts";
import type { Gate } from "../../../contract/run.ts";
import { gatesTable } from "../../../main/report/tables.ts";
import { runSummary } from "../../../main/shells/cli/run-summary.ts";
import { reportInput } from "./fixture.ts";

const GATE: Gate = {
  name: "capacity",
  label: "Capacity",
  value: null,
  threshold: 1,
  passed: false,
  decides: false,
  meaning: "Capital that halves the Sharpe ratio.",
};

test("a gate that only tells, of what is not known, is absent and no failure", () => {
  expect(gateResultWords(GATE)).toBe("absent, told only");
  expect(gateResultWords({ ...GATE, value: 0.5 })).toBe("fail, told only");
  expect(gateResultWords({ ...GATE, value: 2, passed: true })).toBe("pass, told only");
});

test("a gate that decides fails where its value is not known", () => {
  expect(gateResultWords({ ...GATE, decides: true })).toBe("fail");
  expect(gateResultWords({ ...GATE, value: 2, passed: true, decides: true })).toBe("pass");
  const { decides, ...olderGate } = GATE;
  expect(gateResultWords(olderGate), "unless it says so, a gate decides").toBe("fail");
});

test("the command line and the report say it alike", () => {
  const { result } = reportInput();
  const told = stripVTControlCharacters(runSummary({ ...result, gates: [GATE] }));
  expect(told).toMatch(/Capacity .* absent, told only +Capital that halves/);
  expect(gatesTable([GATE]).text).toContain(
    '<td><span class="mark">absent</span> <span class="muted">told only</span></td>',
  );
});
