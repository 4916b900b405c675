import type { Lineage } from "../../../contract/model.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { duration } from "../../parts/format.ts";

type Step = Lineage["steps"][number];

const COLUMNS: readonly TableColumn<Step>[] = [
  { key: "step", title: "step", value: ({ step }) => step },
  { key: "version", title: "version", align: "right", value: ({ version }) => version },
  {
    key: "key",
    title: "artifact",
    help: "Content key: the same for the same work on any machine",
    value: ({ key }) => key,
    show: ({ key }) => <code title={key}>{key.slice(0, 8)}</code>,
  },
  {
    key: "lock",
    title: "lock",
    help: "Hash of the environment's packages",
    value: ({ lock }) => lock,
    show: ({ lock }) => <code title={lock}>{lock.slice(0, 8)}</code>,
  },
  {
    key: "seconds",
    title: "took",
    align: "right",
    value: ({ seconds }) => seconds,
    show: ({ seconds }) => duration(seconds),
  },
];

/** What made each artifact on the way to a model. */
export function CodeTable(props: { steps: readonly Step[] }) {
  if (props.steps.length === 0) {
    return (
      <Empty>The artifacts that this version was made of are not in the cache any more.</Empty>
    );
  }
  return (
    <DataTable name="Steps" columns={COLUMNS} rows={props.steps} rowKey={({ step }) => step} />
  );
}
