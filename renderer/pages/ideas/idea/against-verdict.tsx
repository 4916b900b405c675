import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { RunOverview } from "../../../../contract/run.ts";

/** As the API asks for it. */
const SHORTEST_REASON = 10;

/** Deploying what the verdict advises against asks for a reason, which is kept with the model. */
export function AgainstVerdict(props: {
  overview: RunOverview;
  opened: boolean;
  onClose: () => void;
  onDeploy: (reason: string) => void;
}) {
  const { verdict, summary } = props.overview;
  const [reason, setReason] = useState("");
  const long = reason.trim().length >= SHORTEST_REASON;
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={`The verdict is ${verdict}`}
      closeButtonProps={{ "aria-label": "Do not deploy" }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!long) return;
          props.onDeploy(reason.trim());
          props.onClose();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {summary}
          </Text>
          <Textarea
            label="Why deploy it all the same?"
            description={`At least ${SHORTEST_REASON} characters. The reason is kept with the deployment and with the model version, for all to see.`}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            autosize
            minRows={3}
            maxRows={8}
            data-autofocus
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={props.onClose}>
              Do not deploy
            </Button>
            <Button type="submit" color="red" disabled={!long}>
              Deploy against the verdict
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
