import { Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import type { DataSetLine } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count, time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { useImporting } from "../../state/importing.ts";
import { ImportList } from "./import-list.tsx";
import { SeverityCounts } from "./severity.tsx";

export function AllData() {
  const sets = useQuery(trpc.data.sets.queryOptions());
  const openImport = useImporting(({ open }) => open);
  const [, go] = useLocation();
  return (
    <>
      <ScreenTitle title="Data">
        <Button leftSection={<IconFileImport size={15} />} onClick={() => openImport(null)}>
          Import
        </Button>
      </ScreenTitle>
      <ImportList />
      <Asked query={sets} for="the data sets">
        {(list) =>
          list.length === 0 ? (
            <Empty
              action={
                <Button variant="default" onClick={() => openImport(null)}>
                  Import a file
                </Button>
              }
            >
              Each data set appears here with its versions and what was found in it. Drop CSV or
              Parquet files of daily bars anywhere on this window, or import them by their path.
            </Empty>
          ) : (
            <Panel title="Data sets" note="the newest version of each">
              <DataTable
                name="Data sets"
                columns={COLUMNS}
                rows={list}
                rowKey={({ name }) => name}
                maxHeight={680}
                onOpen={({ name }) => go(`/${name}`)}
              />
            </Panel>
          )
        }
      </Asked>
    </>
  );
}

const COLUMNS: readonly TableColumn<DataSetLine>[] = [
  { key: "name", title: "data set", value: ({ name }) => name, show: ({ name }) => <b>{name}</b> },
  {
    key: "version",
    title: "version",
    align: "right",
    help: "Of its table; each import that changes something makes one",
    value: ({ version }) => version,
    show: ({ version }) => `v${version}`,
  },
  {
    key: "versions",
    title: "versions",
    align: "right",
    value: ({ versions }) => versions,
    show: ({ versions }) => count(versions),
  },
  {
    key: "rows",
    title: "bars",
    align: "right",
    value: ({ rows }) => rows,
    show: ({ rows }) => count(rows),
  },
  {
    key: "symbols",
    title: "symbols",
    align: "right",
    value: ({ symbols }) => symbols,
    show: ({ symbols }) => count(symbols),
  },
  {
    key: "period",
    title: "period",
    value: ({ first, last }) => `${first ?? "–"} → ${last ?? "–"}`,
  },
  {
    key: "findings",
    title: "findings",
    value: ({ quality }) => quality?.findings,
    show: ({ quality }) => <SeverityCounts quality={quality} />,
  },
  {
    key: "trials",
    title: "trials",
    align: "right",
    help: "Every configuration ever fitted on it; each raises the bar for the next",
    value: ({ trials }) => trials,
    show: ({ trials }) => count(trials),
  },
  {
    key: "ideas",
    title: "ideas",
    align: "right",
    value: ({ ideas }) => ideas,
    show: ({ ideas }) => count(ideas),
  },
  {
    key: "created",
    title: "imported",
    align: "right",
    value: ({ created }) => created,
    show: ({ created }) => time(created),
  },
];
