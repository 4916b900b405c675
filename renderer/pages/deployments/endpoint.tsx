import { Button, CopyButton, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconCopy, IconKey } from "@tabler/icons-react";
import type { DeploymentView } from "../../../main/api/views.ts";
import { client } from "../../app/api.ts";
import { showProblem } from "../../app/problems.ts";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/panel.tsx";
import { curlOf } from "./curl.ts";
import classes from "./endpoint.module.css";

/** Where the deployment answers, and how to ask it. Its token can be copied, but is not shown. */
export function Endpoint({ view }: { view: DeploymentView }) {
  if (view.state !== "live" || !view.endpoint) {
    return (
      <Panel title="Endpoint">
        <Empty>
          It answers at an address of its own while it is live. Its idea's screen deploys it again.
        </Empty>
      </Panel>
    );
  }
  const address = `${view.endpoint}/infer`;
  const curl = curlOf(address, view.example);
  return (
    <Panel title="Endpoint" note="Open Inference Protocol v2">
      <Stack gap={8} mt={4}>
        <div className={classes.line}>
          <code>{address}</code>
          <Copy what="endpoint" text={address} />
        </div>
        <section
          className={classes.curl}
          aria-label="Request with curl"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
        >
          {curl}
        </section>
        <Group gap={6}>
          <Copy what="curl command" text={curl} />
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<IconKey size={13} />}
            onClick={() => void copyToken(view)}
          >
            Copy token
          </Button>
          <Text size="xs" c="dimmed">
            The token is only ever copied.
          </Text>
        </Group>
      </Stack>
    </Panel>
  );
}

function Copy(props: { what: string; text: string }) {
  return (
    <CopyButton value={props.text}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="compact-xs"
          leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
          onClick={copy}
        >
          {copied ? "Copied" : `Copy ${props.what}`}
        </Button>
      )}
    </CopyButton>
  );
}

/** The token is asked for when it is wanted, and kept nowhere. */
async function copyToken({ deployment }: DeploymentView): Promise<void> {
  try {
    const { token } = await client.deployments.access.query({ deployment });
    await navigator.clipboard.writeText(token);
    notifications.show({ message: "The token is on the clipboard.", autoClose: 4000 });
  } catch (error) {
    showProblem(error);
  }
}
