import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Panel } from "../../parts/panel.tsx";

const PURPOSES: Record<string, string> = {
  engine: "What the workbench shows the engine",
  endpoint: "What clients show a deployed model's endpoint",
  "router-control": "What the workbench shows the router to change its routes",
};

export function SecretSettings() {
  const secrets = useQuery(trpc.settings.secrets.queryOptions());
  return (
    <Panel title="Secrets" note="a value is never shown again once it is set">
      <Asked query={secrets} for="the secrets">
        {(names) => (
          <DataTable
            name="Secrets"
            columns={SECRET_COLUMNS}
            rows={names.map((name) => ({ name }))}
            rowKey={({ name }) => name}
          />
        )}
      </Asked>
      <Text size="sm" c="dimmed" mt="sm">
        Each was generated when it was first needed. They are kept in the workspace's{" "}
        <code>secrets.json</code>, which only you can read, and not in the system's keychain: the
        command line and the browser need them too.
      </Text>
    </Panel>
  );
}

const SECRET_COLUMNS: TableColumn<{ name: string }>[] = [
  { key: "name", title: "Secret", value: ({ name }) => name },
  { key: "purpose", title: "For", value: ({ name }) => PURPOSES[name] ?? "A service of the stack" },
  { key: "value", title: "Value", value: () => "••••••••" },
  {
    key: "actions",
    title: "",
    value: () => null,
    show: ({ name }) => (
      <Group justify="flex-end">
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Replace ${name}`}
          onClick={() =>
            modals.open({ title: `Replace ${name}`, children: <ReplaceSecret name={name} /> })
          }
        >
          Replace
        </Button>
      </Group>
    ),
  },
];

function ReplaceSecret({ name }: { name: string }) {
  const [value, setValue] = useState("");
  const tooShort = value !== "" && value.length < 16;
  const replace = useMutation(
    trpc.settings.replace_secret.mutationOptions({
      onSuccess: () => {
        modals.closeAll();
        notifications.show({
          color: "teal",
          message: `${name} is replaced. Services use it when the workspace is opened again.`,
        });
      },
    }),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!tooShort) replace.mutate(value === "" ? { name } : { name, value });
      }}
    >
      <Stack gap="md">
        <Text size="sm">Whoever uses the old value is refused from then on.</Text>
        <PasswordInput
          label="New value"
          description="Leave it empty to have one generated."
          value={value}
          error={tooShort ? "At least 16 characters." : undefined}
          onChange={(event) => setValue(event.currentTarget.value)}
          autoComplete="off"
        />
        <Group justify="flex-end">
          <Button type="submit" loading={replace.isPending} disabled={tooShort}>
            Replace it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
