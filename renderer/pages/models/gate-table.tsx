import { gateNeeds } from "../../../contract/gate-sense.ts";
import type { Gate } from "../../../contract/run.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { fixed } from "../../parts/format.ts";
import { GATE_RESULT } from "../../parts/gate-result.tsx";

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
  { ...GATE_RESULT, title: "result" },
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
