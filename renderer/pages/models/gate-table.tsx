import { gateNeeds } from "../../../contract/gate-sense.ts";
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
    show: (gate) => gateNeeds(gate, (value) => fixed(value, 3)),
  },
  {
    key: "passed",
    title: "result",
    align: "right",
    value: ({ passed }) => (passed ? "pass" : "fail"),
    show: ({ passed, decides }) => (
      <span style={{ color: colourOf(passed, decides) }}>{passed ? "pass" : "fail"}</span>
    ),
  },
  { key: "meaning", title: "meaning", value: ({ meaning }) => meaning, wraps: true },
];

/** The gates of a version; those that are told only are dimmed. */
export function GateTable(props: { gates: readonly Gate[] }) {
  return (
    <DataTable
      name="Gates"
      columns={COLUMNS}
      rows={props.gates}
      rowKey={({ name }) => name}
      isMuted={({ decides }) => decides === false}
    />
  );
}

/** Red is for what decided against the idea. */
function colourOf(passed: boolean, decides = true): string | undefined {
  if (passed) return "var(--bf-good)";
  return decides ? "var(--bf-bad)" : undefined;
}
