import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Panel } from "../../parts/panel.tsx";
import { saveFile } from "../../parts/save-file.ts";

type Check = {
  name: string;
  state: "ok" | "note" | "warning" | "missing";
  found: string;
  hint: string | null;
};

const STATES: Record<Check["state"], string> = {
  ok: "fine",
  note: "to know",
  warning: "limited",
  missing: "missing",
};

const COLUMNS: TableColumn<Check>[] = [
  { key: "name", title: "What", value: ({ name }) => name },
  { key: "state", title: "State", value: ({ state }) => STATES[state] },
  { key: "found", title: "Found", value: ({ found }) => found },
  { key: "hint", title: "What to do", value: ({ hint }) => hint ?? "" },
];

/** What this is. */
function Product() {
  const about = useQuery(trpc.system.about.queryOptions());
  return (
    <Panel title="BreadthFlow Workbench" note="licence: MIT">
      <Asked query={about} for="the version">
        {({ version, node }) => (
          <Text size="sm">
            Version {version}, on Node {node}. What it is built from stands under{" "}
            <Link href="/licences">Licences</Link>.
          </Text>
        )}
      </Asked>
    </Panel>
  );
}

export function AboutSettings() {
  const checks = useQuery(trpc.system.doctor.queryOptions());
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: async () => {
      const found = await queries.fetchQuery({
        ...trpc.settings.diagnostics.queryOptions(),
        staleTime: 0,
      });
      const day = found.made.slice(0, 10);
      const text = JSON.stringify(found, null, 2);
      saveFile(`breadthflow-diagnostics-${day}.json`, text, "application/json");
    },
  });
  return (
    <Stack gap="md">
      <Product />
      <Panel title="This machine">
        <Asked query={checks} for="what this machine has">
          {(list) => (
            <DataTable
              name="This machine"
              columns={COLUMNS}
              rows={list}
              rowKey={({ name }) => name}
            />
          )}
        </Asked>
      </Panel>
      <Group gap="md">
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
          Save diagnostics
        </Button>
        <Text size="sm" c="dimmed" maw={560}>
          One file with versions, this table and the ends of the logs, without secrets: for a bug
          report.
        </Text>
      </Group>
    </Stack>
  );
}
