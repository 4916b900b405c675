import { useMemo } from "react";
import { type LeakTest, leakResult, leaksInOrder } from "../../../../../contract/leak-test.ts";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { gateValue } from "./gate-value.ts";
import classes from "./tab.module.css";

/** Pixels, and more than all tests need. */
const ALL_TESTS = 4000;

const COLUMNS: TableColumn<LeakTest>[] = [
  {
    key: "label",
    title: "What should hold",
    width: "22%",
    value: ({ label }) => label,
    show: ({ label }) => <span className={classes.label}>{label}</span>,
  },
  {
    key: "result",
    title: "Result",
    value: leakResult,
    show: (test) => <span className={tone(test)}>{leakResult(test)}</span>,
  },
  {
    key: "decides",
    title: "Decides",
    help: "What the data alone is to blame for is told, and the verdict does not rest on it",
    value: ({ decides }) => (decides ? "yes" : "no"),
  },
  {
    key: "evidence",
    title: "Found",
    align: "right",
    value: ({ evidence }) => evidence,
    show: ({ evidence }) => <span className={classes.strong}>{gateValue(evidence)}</span>,
  },
  {
    key: "limit",
    title: "At most",
    align: "right",
    value: ({ limit }) => limit,
    show: ({ limit }) => gateValue(limit),
  },
  {
    key: "tested",
    title: "What was looked at, and where it does not hold",
    width: "50%",
    value: ({ tested, where }) => [tested, ...where].join(" "),
    show: (test) => (
      <span className={classes.meaning}>
        {test.tested}
        {leakResult(test) === "found" && test.where.length > 0 && <b> {test.where.join("; ")}</b>}
      </span>
    ),
  },
];

/** What every leak detector found, and what none could look at. */
export function LeaksTable({ tests }: { tests: readonly LeakTest[] }) {
  const rows = useMemo(() => leaksInOrder(tests), [tests]);
  return (
    <DataTable
      name="Tests for leaks"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ detector }) => detector}
      isMuted={(test) => leakResult(test) === "not tested"}
      maxHeight={ALL_TESTS}
    />
  );
}

function tone(test: LeakTest): string | undefined {
  const result = leakResult(test);
  if (result === "not tested") return undefined;
  if (result === "passed") return classes.pass;
  return test.decides ? classes.fail : classes.warning;
}
