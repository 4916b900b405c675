import { Button, List, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Leftovers } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { bytes, plural } from "../../parts/format.ts";

/** What this workspace has left on the daemon's disk, and the way to free it. */
export function LeftoverNote() {
  const queries = useQueryClient();
  const leftovers = useQuery(trpc.docker.leftovers.queryOptions());
  const remove = useMutation(
    trpc.docker.remove_leftovers.mutationOptions({
      onSuccess: (gone) => {
        notifications.show({ color: "teal", message: `Removed: ${inWords(gone)}.` });
        return queries.invalidateQueries({ queryKey: trpc.docker.leftovers.queryKey() });
      },
    }),
  );
  const found = leftovers.data;
  const all = found ? [...found.containers, ...found.images] : [];
  if (!found || all.length === 0) return null;
  const size = all.reduce((sum, one) => sum + one.bytes, 0);
  const ask = () =>
    modals.openConfirmModal({
      title: "Free disk",
      children: (
        <>
          <Text size="sm">
            Removes what this workspace has left and nothing uses any more. Volumes, and with them
            data, stay; so does everything of other projects.
          </Text>
          <List size="sm" mt="sm">
            {all.map(({ name, bytes: own }) => (
              <List.Item key={name}>
                {name}, {bytes(own)}
              </List.Item>
            ))}
          </List>
        </>
      ),
      labels: { confirm: `Free up to ${bytes(size)}`, cancel: "Leave it" },
      onConfirm: () => remove.mutate(),
    });
  return (
    <Button variant="default" size="compact-sm" loading={remove.isPending} onClick={ask}>
      Free up to {bytes(size)}…
    </Button>
  );
}

function inWords({ containers, images }: Leftovers): string {
  const parts = [
    ...(containers.length > 0 ? [plural(containers.length, "container")] : []),
    ...(images.length > 0 ? [plural(images.length, "image")] : []),
  ];
  return parts.join(" and ") || "nothing, for all is in use by now";
}
