import { Group, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Difference } from "../../../contract/data.ts";
import type { VersionView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Columns } from "../../parts/columns.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";

type SymbolLine = Difference["symbols"][number];
type Change = Difference["changes"][number];

const BY_SYMBOL: readonly TableColumn<SymbolLine>[] = [
  { key: "symbol", title: "symbol", value: ({ symbol }) => symbol },
  ...(["added", "changed", "removed"] as const).map(
    (kind): TableColumn<SymbolLine> => ({
      key: kind,
      title: kind,
      align: "right",
      value: (one) => one[kind],
      show: (one) => count(one[kind]),
    }),
  ),
  { key: "period", title: "between", value: ({ first, last }) => `${first} → ${last}` },
];

const ONE_BY_ONE: readonly TableColumn<Change>[] = [
  { key: "symbol", title: "symbol", value: ({ symbol }) => symbol },
  { key: "date", title: "day", value: ({ date }) => date },
  { key: "what", title: "what is different", value: (change) => told(change) },
];

/** What a version has that an earlier one has not. */
export function DifferencePanel(props: { list: readonly VersionView[]; shown: VersionView }) {
  const { list, shown } = props;
  const [other, setOther] = useState<string | null>(null);
  const others = list.filter(({ key }) => key !== shown.key);
  const before =
    others.find(({ key }) => key === other) ??
    others.find(({ version }) => version < shown.version) ??
    others[0];
  return (
    <Panel title="Difference between versions">
      {before ? (
        <>
          <Group gap={8} my={6}>
            <Text size="sm" c="dimmed">
              What v{shown.version} has against
            </Text>
            <Select
              aria-label="Version to compare with"
              data={others.map(({ key, version }) => ({ value: key, label: `v${version}` }))}
              value={before.key}
              allowDeselect={false}
              onChange={setOther}
              w={90}
            />
          </Group>
          <Between before={before} after={shown} />
        </>
      ) : (
        <Empty>
          Import into this data set again, and what the new version added, changed and removed
          appears here, symbol by symbol.
        </Empty>
      )}
    </Panel>
  );
}

function Between({ before, after }: { before: VersionView; after: VersionView }) {
  const difference = useQuery(
    trpc.bars.difference.queryOptions({ before: before.key, after: after.key }),
  );
  return (
    <Asked query={difference} for="the difference">
      {({ added, changed, removed, symbols, changes }) =>
        symbols.length === 0 ? (
          <Empty>Both versions hold the same bars.</Empty>
        ) : (
          <>
            <Text size="sm" mb={6}>
              <b>{count(added)}</b> bars added, <b>{count(changed)}</b> changed,{" "}
              <b>{count(removed)}</b> removed, in {count(symbols.length)} symbols.
            </Text>
            <Columns
              even
              left={
                <DataTable
                  name="Difference by symbol"
                  columns={BY_SYMBOL}
                  rows={symbols}
                  rowKey={({ symbol }) => symbol}
                  maxHeight={280}
                />
              }
              right={
                <DataTable
                  name="Bars that differ"
                  columns={ONE_BY_ONE}
                  rows={changes}
                  rowKey={({ symbol, date }) => `${symbol} ${date}`}
                  maxHeight={280}
                />
              }
            />
          </>
        )
      }
    </Asked>
  );
}

function told({ before, after }: Change): string {
  if (!before) return `added, close ${after?.close ?? "–"}`;
  if (!after) return `removed, close was ${before.close ?? "–"}`;
  return Object.keys(after)
    .filter((field) => before[field] !== after[field])
    .map((field) => `${field} ${before[field] ?? "–"} → ${after[field] ?? "–"}`)
    .join(", ");
}
