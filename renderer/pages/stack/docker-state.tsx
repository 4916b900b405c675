import { Button, Code, Group, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { DockerView, Remedy } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { LeftoverNote } from "./leftover-note.tsx";

/** The daemon that containers run on, or why there is none and what can be done about it. */
export function DockerState({ docker }: { docker: DockerView }) {
  const { version, address, problem, remedy } = docker;
  if (!problem) {
    return (
      <Group gap="lg">
        <Text size="sm" c="dimmed">
          Docker {version} at {address}
        </Text>
        <LeftoverNote />
      </Group>
    );
  }
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        {problem.detail} Containers are not needed: everything but the profiles that need them runs
        as processes.
      </Text>
      {remedy && <FixIt remedy={remedy} />}
      <LookAgain />
    </Group>
  );
}

function LookAgain() {
  const queries = useQueryClient();
  return (
    <Button
      variant="default"
      size="compact-sm"
      onClick={() => queries.invalidateQueries({ queryKey: trpc.docker.daemon.queryKey() })}
    >
      Look again
    </Button>
  );
}

/** Says what it will do; does it once that is agreed to, or leaves it to the person. */
function FixIt({ remedy }: { remedy: Remedy }) {
  const queries = useQueryClient();
  const apply = useMutation(
    trpc.docker.remedy.mutationOptions({
      onSuccess: (docker) => queries.setQueryData(trpc.docker.daemon.queryKey(), docker),
    }),
  );
  const told = (
    <>
      <Text size="sm">{remedy.does}</Text>
      <Text size="sm" mt="sm" mb={4}>
        {remedy.can_run ? "The command is:" : "Give this command in a terminal, then look again:"}
      </Text>
      <Code block>{remedy.command.map(quoted).join(" ")}</Code>
    </>
  );
  const ask = () =>
    remedy.can_run
      ? modals.openConfirmModal({
          title: remedy.title,
          children: told,
          labels: { confirm: remedy.title, cancel: "Leave it" },
          onConfirm: () => apply.mutate(),
        })
      : modals.open({ title: remedy.title, children: told });
  return (
    <Button variant="default" size="compact-sm" loading={apply.isPending} onClick={ask}>
      Fix it…
    </Button>
  );
}

const quoted = (word: string) => (/\s/.test(word) ? JSON.stringify(word) : word);
