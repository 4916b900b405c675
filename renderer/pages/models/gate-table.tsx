import type { Gate } from "../../../contract/run.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { fixed } from "../../parts/format.ts";

const COLUMNS: readonly TableColumn<Gate>[] = [
  {
    key: "label",
    title: "gate",
    value: ({ label }) => label,
    show: ({ label, meaning }) => <span title={meaning}>{label}</span>,
    wraps: true,
  },
  {
    key: "value",
    title: "value",
    align: "right",
    value: ({ value }) => value,
    show: ({ value }) => <b>{fixed(value, 3)}</b>,
  },
  {
    key: "threshold",
    title: "needs",
    align: "right",
    value: ({ threshold }) => threshold,
    show: ({ threshold }) => fixed(threshold, 3),
  },
  {
    key: "passed",
    title: "result",
    align: "right",
    value: ({ passed }) => (passed ? "pass" : "fail"),
    show: ({ passed }) => (
      <span style={{ color: passed ? "var(--bf-good)" : "var(--bf-bad)" }}>
        {passed ? "pass" : "fail"}
      </span>
    ),
  },
  { key: "meaning", title: "meaning", value: ({ meaning }) => meaning, wraps: true },
];

export function GateTable(props: { gates: readonly Gate[] }) {
  return (
    <DataTable name="Gates" columns={COLUMNS} rows={props.gates} rowKey={({ name }) => name} />
  );
}
