import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { Licence } from "../../../contract/settings.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { count } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";

const COLUMNS: TableColumn<Licence>[] = [
  { key: "name", title: "Package", value: ({ name }) => name },
  { key: "version", title: "Version", value: ({ version }) => version },
  { key: "licence", title: "Licence", value: ({ licence }) => licence },
  { key: "language", title: "Language", value: ({ language }) => language },
];

export function LicenceList() {
  const licences = useQuery(trpc.settings.licences.queryOptions());
  const [search, setSearch] = useState("");
  const wanted = useDeferredValue(search.toLowerCase());
  return (
    <Panel title="Licences" note={licences.data && `${count(licences.data.length)} packages`}>
      <TextInput
        aria-label="Search packages and licences"
        placeholder="Search"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        w={260}
        mb="sm"
      />
      <Asked query={licences} for="the licences">
        {(list) => (
          <DataTable
            name="Licences"
            columns={COLUMNS}
            rows={list.filter((one) => `${one.name} ${one.licence}`.toLowerCase().includes(wanted))}
            empty="No package and no licence is called that."
            rowKey={(one) => `${one.language} ${one.name} ${one.version}`}
            maxHeight={560}
          />
        )}
      </Asked>
    </Panel>
  );
}
