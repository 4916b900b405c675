import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconExternalLink, IconPlayerPlay, IconPlayerStop, IconReload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ServiceView } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { useOffers } from "../../state/offers.ts";

/** What can be done with a service in its present state. */
export function ServiceActions(props: { service: ServiceView }) {
  const { service, supervisor, state, page } = props.service;
  const which = { service, supervisor };
  const start = useMutation(trpc.stack.start.mutationOptions());
  const stop = useMutation(trpc.stack.stop.mutationOptions());
  const restart = useMutation(trpc.stack.restart.mutationOptions());
  const busy = start.isPending || stop.isPending || restart.isPending;
  const rests = state === "stopped" || state === "failed";
  const offer = (word: string, does: { mutate: (service: typeof which) => void }) => ({
    id: `${word} ${service}`,
    label: `${word} ${service}`,
    act: () => does.mutate(which),
  });
  useOffers([
    rests && offer("Start", start),
    !rests && offer("Restart", restart),
    !rests && offer("Stop", stop),
  ]);
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      {page && (
        <Tooltip label="Open in browser">
          <ActionIcon
            component="a"
            href={page}
            target="_blank"
            rel="noreferrer"
            aria-label={`Open ${service} in the browser`}
          >
            <IconExternalLink size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      {rests ? (
        <Action label={`Start ${service}`} busy={busy} onClick={() => start.mutate(which)}>
          <IconPlayerPlay size={15} />
        </Action>
      ) : (
        <>
          <Action label={`Restart ${service}`} busy={busy} onClick={() => restart.mutate(which)}>
            <IconReload size={15} />
          </Action>
          <Action label={`Stop ${service}`} busy={busy} onClick={() => stop.mutate(which)}>
            <IconPlayerStop size={15} />
          </Action>
        </>
      )}
    </Group>
  );
}

function Action(props: { label: string; busy: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        aria-label={props.label}
        disabled={props.busy}
        onClick={(event) => {
          // The row around it opens the service.
          event.stopPropagation();
          props.onClick();
        }}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
