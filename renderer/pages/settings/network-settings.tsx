import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Network, type Settings } from "../../../contract/settings.ts";
import { trpc } from "../../app/api.ts";
import { problemIn } from "../../app/problems.ts";
import { Asked } from "../../parts/asked.tsx";
import { Panel } from "../../parts/panel.tsx";

export function NetworkSettings() {
  const settings = useQuery(trpc.settings.get.queryOptions());
  return (
    <Panel title="Network" note="for downloads; loopback never goes through a proxy">
      <Asked query={settings} for="the settings">
        {(kept) => <NetworkForm key={JSON.stringify(kept)} kept={kept} />}
      </Asked>
    </Panel>
  );
}

const FIELDS = [
  { name: "proxy", label: "HTTP proxy", placeholder: "http://proxy.example:3128" },
  {
    name: "ca_certificate",
    label: "CA certificate (PEM file)",
    placeholder: "/etc/ssl/company.pem",
  },
  {
    name: "package_index",
    label: "Python package index",
    placeholder: "https://packages.example/simple",
  },
] as const;

type Field = (typeof FIELDS)[number]["name"];

function NetworkForm({ kept }: { kept: Settings }) {
  const [network, setNetwork] = useState(kept.network);
  const [refused, setRefused] = useState<Partial<Record<Field, string>>>({});
  const save = useMutation(
    trpc.settings.set.mutationOptions({
      onSuccess: () =>
        notifications.show({
          message: "Kept. Programs started from now on use it.",
          color: "teal",
        }),
      onError: (error) => {
        const { where, detail, hint } = problemIn(error);
        const field = String(where?.field ?? "").replace("network.", "");
        const known = FIELDS.some(({ name }) => name === field);
        setRefused({ [known ? field : "proxy"]: `${detail} ${hint}` });
      },
    }),
  );
  const submit = () => {
    const checked = Network.safeParse(network);
    if (!checked.success) {
      setRefused(
        Object.fromEntries(
          checked.error.issues.map((issue) => [issue.path[0], `This must be ${issue.message}.`]),
        ),
      );
      return;
    }
    setRefused({});
    save.mutate({ ...kept, network: checked.data });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md" maw={520}>
        {FIELDS.map(({ name, label, placeholder }) => (
          <TextInput
            key={name}
            label={label}
            description={Network.shape[name].description}
            placeholder={placeholder}
            value={network[name] ?? ""}
            error={refused[name]}
            onChange={(event) => {
              const value = event.currentTarget.value.trim();
              setNetwork((before) => ({ ...before, [name]: value === "" ? null : value }));
            }}
          />
        ))}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          <Text size="sm" c="dimmed">
            Empty fields leave it to the machine's own settings.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}
