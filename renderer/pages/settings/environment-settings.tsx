import { Button, Group, Loader, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { EnvironmentView } from "../../../contract/settings.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { bytes, count } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";

const STATES: Record<EnvironmentView["state"], string> = {
  ready: "installed",
  missing: "not installed",
  outdated: "made from an older lock",
  working: "at work",
  kept_elsewhere: "kept elsewhere",
};

const COLUMNS: TableColumn<EnvironmentView>[] = [
  { key: "name", title: "Environment", value: ({ name }) => name },
  { key: "purpose", title: "For", value: ({ purpose }) => purpose },
  {
    key: "state",
    title: "State",
    value: ({ state }) => STATES[state],
    show: ({ state, message }) =>
      state === "working" ? (
        <Group gap="xs" wrap="nowrap" role="status">
          <Loader size={12} /> {message}
        </Group>
      ) : (
        STATES[state]
      ),
  },
  {
    key: "packages",
    title: "Packages",
    align: "right",
    value: ({ packages }) => packages,
    show: ({ packages }) => count(packages),
  },
  {
    key: "bytes",
    title: "Size",
    align: "right",
    value: (one) => one.bytes,
    show: (one) => bytes(one.bytes),
  },
  {
    key: "actions",
    title: "",
    value: () => null,
    show: (one) => <EnvironmentActions environment={one} />,
  },
];

export function EnvironmentSettings() {
  const environments = useQuery(trpc.settings.environments.queryOptions());
  return (
    <Panel title="Engine environments" note="each is made from its own hashed lock">
      <Asked query={environments} for="the environments">
        {(list) => (
          <DataTable
            name="Engine environments"
            columns={COLUMNS}
            rows={list}
            rowKey={({ name }) => name}
          />
        )}
      </Asked>
      <Text size="sm" c="dimmed" mt="sm">
        What is missing is installed by itself when it is first needed.
      </Text>
    </Panel>
  );
}

type Name = "core" | "tracking" | "serving" | "notebooks";

function EnvironmentActions({ environment }: { environment: EnvironmentView }) {
  const name = environment.name as Name;
  const install = useMutation(trpc.settings.install.mutationOptions());
  const repair = useMutation(trpc.settings.repair.mutationOptions());
  const remove = useMutation(trpc.settings.remove.mutationOptions());
  if (environment.state === "working" || environment.state === "kept_elsewhere") return null;
  const ask = (title: string, text: string, confirm: string, work: () => void) =>
    modals.openConfirmModal({
      title,
      children: <Text size="sm">{text}</Text>,
      labels: { confirm, cancel: "Keep it" },
      onConfirm: work,
    });
  if (environment.state === "missing") {
    return (
      <Group justify="flex-end">
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Install ${name}`}
          onClick={() => install.mutate({ environment: name })}
        >
          Install
        </Button>
      </Group>
    );
  }
  return (
    <Group justify="flex-end" gap="xs" wrap="nowrap">
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Repair ${name}`}
        onClick={() =>
          ask(
            `Repair ${name}`,
            "It is removed and installed again from its lock. Services that run from it may fail until then.",
            "Repair it",
            () => repair.mutate({ environment: name }),
          )
        }
      >
        Repair
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Remove ${name}`}
        onClick={() =>
          ask(
            `Remove ${name}`,
            `This frees ${bytes(environment.bytes)}. It is installed again when it is next needed.`,
            "Remove it",
            () => remove.mutate({ environment: name }),
          )
        }
      >
        Remove
      </Button>
    </Group>
  );
}
