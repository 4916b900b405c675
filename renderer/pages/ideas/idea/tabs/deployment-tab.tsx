import { Button, Code, Group, Loader, Stack, Table, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "wouter";
import type { Deployment } from "../../../../../contract/deployment.ts";
import { trpc } from "../../../../app/api.ts";
import { problemIn } from "../../../../app/problems.ts";
import { Empty } from "../../../../parts/empty.tsx";
import { duration, time } from "../../../../parts/format.ts";
import { Panel } from "../../../../parts/panel.tsx";
import { ProblemNote } from "../../../../parts/problem-note.tsx";
import { LiveMark } from "../../../deployments/live-mark.tsx";
import { OnVerdict } from "../../../deployments/on-verdict.tsx";
import type { TabProps } from "../tab-props.ts";
import classes from "./tab.module.css";

/** Where the run's model is served, and whether it answers. */
export default function DeploymentTab({ overview, deploying }: TabProps) {
  const { deployment, isOurs, state } = deploying;
  if (state === "starting") {
    return (
      <Group gap="sm" p="md" role="status">
        <Loader size="xs" />
        <Text c="dimmed" size="sm">
          Loading the model, asking it for its stored example and comparing the answer. This takes a
          few seconds.
        </Text>
      </Group>
    );
  }
  if (deployment && isOurs) return <Shown deployment={deployment} />;
  return (
    <Empty>
      {overview.verdict === "deploy"
        ? "A click on Deploy serves this run's model; its endpoint appears here."
        : `The verdict is ${overview.verdict}. The model can be deployed all the same, with a reason; its endpoint appears here.`}
      {deployment?.state === "live" &&
        ` Version ${deployment.version} of another run is being served at the moment.`}
    </Empty>
  );
}

function Shown({ deployment }: { deployment: Deployment }) {
  const { endpoint, state } = deployment;
  return (
    <div className={`${classes.grid} ${classes.even}`}>
      <Panel title={deployment.deployment} actions={<LiveMark state={state} />}>
        <Stack gap="sm">
          <Table variant="vertical" layout="fixed">
            <Table.Tbody>
              {[
                ["Model", `${deployment.model} v${deployment.version}`],
                ["Endpoint", endpoint ?? "–"],
                ["Protocol", "Open Inference Protocol v2"],
                ["Deployed", time(deployment.created)],
                ["Ready after", duration(deployment.ready_seconds)],
                ["Verdict", <OnVerdict key="verdict" deployment={deployment} />],
              ].map(([name, value]) => (
                <Table.Tr key={String(name)}>
                  <Table.Th w={110} fw={400} c="dimmed">
                    {name}
                  </Table.Th>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Text size="sm">
            <Link href={`~/deployments/${deployment.deployment}`}>
              Traffic, latency and requests of this deployment
            </Link>
          </Text>
        </Stack>
      </Panel>
      <Trial deployment={deployment} />
    </div>
  );
}

/** Asks the endpoint for the prediction of the model's stored example. */
function Trial({ deployment }: { deployment: Deployment }) {
  const asking = useMutation({
    ...trpc.deployments.infer.mutationOptions({ onError: () => undefined }),
  });
  return (
    <Panel title="Try it" note="the example that is stored with the model">
      <Stack gap="sm" align="flex-start">
        <Button
          variant="default"
          loading={asking.isPending}
          disabled={deployment.state !== "live"}
          onClick={() => asking.mutate({ deployment: deployment.deployment })}
        >
          Ask for a prediction
        </Button>
        {asking.isError && <ProblemNote problem={problemIn(asking.error)} />}
        {asking.data ? (
          <Code block w="100%">
            {JSON.stringify(asking.data.outputs, null, 2)}
          </Code>
        ) : (
          <Text size="sm" c="dimmed">
            The answer of the endpoint appears here.
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
