import { gateNeeds } from "../../../../../contract/gate-sense.ts";
import type { Gate } from "../../../../../contract/run.ts";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { GATE_RESULT } from "../../../../parts/gate-result.tsx";
import { gateValue } from "./gate-value.ts";
import classes from "./tab.module.css";

const NEEDS: TableColumn<Gate>[] = [
  {
    key: "gate",
    title: "Gate",
    value: ({ label }) => label,
    show: ({ label }) => <span className={classes.label}>{label}</span>,
  },
  {
    key: "value",
    title: "Value",
    align: "right",
    value: ({ value }) => value,
    show: ({ value }) => <span className={classes.strong}>{gateValue(value)}</span>,
  },
  {
    key: "needs",
    title: "Needs",
    align: "right",
    value: ({ threshold }) => threshold,
    show: (gate) => gateNeeds(gate, gateValue),
  },
  GATE_RESULT,
];

/** The gates in brief: what each came to and what it needed. */
export function GatesTable({ gates }: { gates: readonly Gate[] }) {
  return (
    <DataTable
      name="Gates"
      columns={NEEDS}
      rows={gates}
      rowKey={({ name }) => name}
      isMuted={({ decides }) => decides === false}
    />
  );
}
