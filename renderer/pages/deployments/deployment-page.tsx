import { Button } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { DeploymentId } from "../../../contract/ids.ts";
import type { DeploymentView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Columns } from "../../parts/columns.tsx";
import { Facts } from "../../parts/facts.tsx";
import { duration, time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ProblemNote } from "../../parts/problem-note.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { useOffers } from "../../state/offers.ts";
import { Endpoint } from "./endpoint.tsx";
import { LastRequests } from "./last-requests.tsx";
import { LiveMark } from "./live-mark.tsx";
import { OnVerdict } from "./on-verdict.tsx";
import { TrafficCharts } from "./traffic-charts.tsx";
import { TrafficSplit } from "./traffic-split.tsx";
import { TryForm } from "./try-form.tsx";
import { useTraffic } from "./use-traffic.ts";

export function DeploymentPage(props: { deployment: DeploymentId }) {
  const { deployment } = props;
  const found = useQuery(trpc.deployments.get.queryOptions({ deployment }));
  return (
    <>
      <ScreenTitle title={deployment} path={<Link href="~/deployments">Deployments</Link>}>
        {found.data && <StopButton deployment={found.data} />}
      </ScreenTitle>
      <Asked query={found} for="the deployment">
        {(view) => <Deployed view={view} />}
      </Asked>
    </>
  );
}

function Deployed({ view }: { view: DeploymentView }) {
  const { traffic, problem } = useTraffic(view.deployment);
  const model = `~/models/${encodeURIComponent(view.model)}/${encodeURIComponent(view.version)}`;
  return (
    <>
      <Facts
        facts={[
          { text: <LiveMark state={view.state} /> },
          {
            text: (
              <Link href={model}>
                {view.model} v{view.version}
              </Link>
            ),
          },
          { text: `deployed ${time(view.created)}` },
          view.against_verdict !== null && {
            text: <OnVerdict deployment={view} />,
            tone: "warn",
            help: "The reason that was given; it is kept with the model version too",
          },
          view.ready_seconds !== null && {
            text: `answered after ${duration(view.ready_seconds)}`,
            help: "From the click to the first right answer",
          },
          view.restarts > 0 && { text: `${view.restarts} restarts`, tone: "warn" },
          view.service !== null && {
            text: <Link href={`~/stack/${encodeURIComponent(view.service)}`}>log and usage</Link>,
          },
        ]}
      />
      {view.problem && <ProblemNote problem={view.problem} />}
      <Columns
        left={
          problem ? (
            <ProblemNote problem={problem} />
          ) : (
            <>
              <TrafficCharts traffic={traffic} />
              <Panel title="Last requests" note="newest first; from the router's log">
                <LastRequests requests={traffic?.last ?? null} />
              </Panel>
            </>
          )
        }
        right={
          <>
            <Endpoint view={view} />
            <TrafficSplit view={view} />
            <TryForm view={view} />
          </>
        }
      />
    </>
  );
}

function StopButton({ deployment }: { deployment: DeploymentView }) {
  const stop = useMutation(trpc.deployments.stop.mutationOptions());
  const ask = () =>
    modals.openConfirmModal({
      title: `Stop ${deployment.deployment}?`,
      children:
        "Its endpoint answers no longer, from now on. The model stays in the registry and can be deployed again from its idea.",
      labels: { confirm: "Stop it", cancel: "Let it run" },
      confirmProps: { color: "red" },
      onConfirm: () => stop.mutate({ deployment: deployment.deployment }),
    });
  const runs = deployment.state !== "stopped";
  useOffers([runs && { id: "stop", label: `Stop ${deployment.deployment}`, act: ask }]);
  if (!runs) return null;
  return (
    <Button
      variant="default"
      color="red"
      leftSection={<IconPlayerStop size={14} />}
      loading={stop.isPending}
      onClick={ask}
    >
      Stop
    </Button>
  );
}
