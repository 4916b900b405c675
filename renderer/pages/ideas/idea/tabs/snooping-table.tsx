import type { SnoopingLine } from "../../../../../contract/figures/index.ts";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import classes from "./tab.module.css";

const COLUMNS: TableColumn<SnoopingLine>[] = [
  { key: "name", title: "Of the search as a whole", width: "20%", value: ({ name }) => name },
  {
    key: "value",
    title: "Value",
    align: "right",
    width: "8em",
    value: ({ value }) => value,
    show: ({ value }) => <span className={classes.strong}>{value}</span>,
  },
  {
    key: "meaning",
    title: "Meaning",
    value: ({ meaning }) => meaning,
    show: ({ meaning }) => <span className={classes.meaning}>{meaning}</span>,
  },
];

/** Whether the best trial is good, given that it was picked as the best. */
export function SnoopingTable({ lines }: { lines: readonly SnoopingLine[] }) {
  return (
    <DataTable
      name="The best of many trials"
      columns={COLUMNS}
      rows={lines}
      rowKey={({ name }) => name}
    />
  );
}
