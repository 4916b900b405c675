import { Button } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { IconArrowUp } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../app/api.ts";
import { useOffers } from "../../state/offers.ts";
import type { VersionRef } from "./addresses.ts";

/** Makes a version its model's champion, once a person has said so twice. */
export function PromoteButton(props: {
  model: VersionRef;
  champion: boolean;
  /** Whether the registry has told who has which alias. */
  isKnown: boolean;
}) {
  const { name, version } = props.model;
  const promote = useMutation(
    trpc.models.promote.mutationOptions({
      onSuccess: () =>
        notifications.show({ message: `${name} v${version} is the champion now.`, color: "green" }),
    }),
  );
  const ask = () =>
    modals.openConfirmModal({
      title: `Make ${name} v${version} the champion?`,
      children:
        "The alias @champion moves to this version in the registry. What is being served stays as it is until it is deployed.",
      labels: { confirm: "Make it the champion", cancel: "Leave it" },
      onConfirm: () => promote.mutate({ name, version }),
    });
  const canPromote = !props.champion && props.isKnown;
  useOffers([canPromote && { id: "promote", label: `Promote ${name} v${version}`, act: ask }]);
  return (
    <Button
      leftSection={<IconArrowUp size={14} />}
      disabled={!canPromote}
      loading={promote.isPending}
      onClick={ask}
    >
      {props.champion ? "Champion" : "Promote"}
    </Button>
  );
}
