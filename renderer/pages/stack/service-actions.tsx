import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { IconExternalLink, IconPlayerPlay, IconPlayerStop, IconReload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ServiceView } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { useOffers } from "../../state/offers.ts";
import { RUNS_AS } from "./which.ts";

/** What can be done with a service in its present state. */
export function ServiceActions(props: { service: ServiceView }) {
  const { service, supervisor, state, page } = props.service;
  const which = { service, supervisor };
  const these = { services: [service], supervisor };
  // There may be a process of the same name.
  const name = supervisor === "docker" ? `${service} (${RUNS_AS.docker})` : service;
  const start = useMutation(trpc.stack.start.mutationOptions());
  const stop = useMutation(trpc.stack.stop.mutationOptions());
  const restart = useMutation(trpc.stack.restart.mutationOptions());
  const busy = start.isPending || stop.isPending || restart.isPending;
  const rests = state === "stopped" || state === "failed";
  const offer = (word: string, act: () => void) => ({
    ...{ id: `${word} ${name}`, label: `${word} ${name}` },
    act,
  });
  useOffers([
    rests && offer("Start", () => start.mutate(which)),
    !rests && offer("Restart", () => restart.mutate(these)),
    !rests && offer("Stop", () => stop.mutate(which)),
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
            aria-label={`Open ${name} in the browser`}
          >
            <IconExternalLink size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      {rests ? (
        <Action label={`Start ${name}`} busy={busy} onClick={() => start.mutate(which)}>
          <IconPlayerPlay size={15} />
        </Action>
      ) : (
        <>
          <Action label={`Restart ${name}`} busy={busy} onClick={() => restart.mutate(these)}>
            <IconReload size={15} />
          </Action>
          <Action label={`Stop ${name}`} busy={busy} onClick={() => stop.mutate(which)}>
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
