import type { VersionView } from "../../../main/api/views.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { count, time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";

const COLUMNS: readonly TableColumn<VersionView>[] = [
  {
    key: "version",
    title: "version",
    value: ({ version }) => version,
    show: ({ version }) => <b>v{version}</b>,
  },
  {
    key: "created",
    title: "imported",
    value: ({ created }) => created,
    show: ({ created }) => time(created),
  },
  {
    key: "rows",
    title: "bars",
    align: "right",
    value: ({ rows }) => rows,
    show: ({ rows }) => count(rows),
  },
  {
    key: "appended",
    title: "added",
    align: "right",
    value: ({ imported }) => imported?.appended,
    show: ({ imported }) => count(imported?.appended),
  },
  {
    key: "replaced",
    title: "changed",
    align: "right",
    value: ({ imported }) => imported?.replaced,
    show: ({ imported }) => count(imported?.replaced),
  },
  {
    key: "findings",
    title: "findings",
    align: "right",
    value: ({ quality }) => quality?.findings,
    show: ({ quality }) => count(quality?.findings),
  },
];

/** The versions of a data set; the chosen one is what the screen shows. */
export function VersionTable(props: {
  list: readonly VersionView[];
  shown: VersionView;
  onChoose: (key: string) => void;
}) {
  return (
    <Panel title="Versions" note="choose one to see it">
      <DataTable
        name="Versions"
        columns={COLUMNS}
        rows={props.list}
        rowKey={({ key }) => key}
        maxHeight={260}
        onOpen={({ key }) => props.onChoose(key)}
        isSelected={({ key }) => key === props.shown.key}
      />
    </Panel>
  );
}
