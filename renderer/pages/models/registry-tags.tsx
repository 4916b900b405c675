import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../app/api.ts";
import { problemIn } from "../../app/problems.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Waiting } from "../../parts/waiting.tsx";

type Tag = { key: string; value: string };

const COLUMNS: readonly TableColumn<Tag>[] = [
  { key: "key", title: "tag", value: ({ key }) => key },
  {
    key: "value",
    title: "value",
    value: ({ value }) => value,
    show: ({ value }) => <span title={value}>{value}</span>,
  },
];

/** What the registry keeps beside a version. */
export function RegistryTags(props: { name: string; version: string }) {
  const tags = useQuery(trpc.models.tags.queryOptions(props));
  const rows = Object.entries(tags.data ?? {}).map(([key, value]) => ({ key, value }));
  return (
    <Panel title="Tags" note="in MLflow">
      {tags.isPending ? (
        <Waiting for="the registry's tags" />
      ) : tags.isError ? (
        <Empty>{problemIn(tags.error).detail}</Empty>
      ) : rows.length === 0 ? (
        <Empty>The registry has no tags of this version.</Empty>
      ) : (
        <DataTable name="Tags" columns={COLUMNS} rows={rows} rowKey={({ key }) => key} />
      )}
    </Panel>
  );
}
