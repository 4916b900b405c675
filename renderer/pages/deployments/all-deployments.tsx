import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import type { Deployment } from "../../../contract/deployment.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { duration, time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { LiveMark } from "./live-mark.tsx";
import { OnVerdict } from "./on-verdict.tsx";

const COLUMNS: readonly TableColumn<Deployment>[] = [
  { key: "deployment", title: "deployment", value: (one) => one.deployment },
  {
    key: "state",
    title: "state",
    value: (one) => one.state,
    show: (one) => <LiveMark state={one.state} />,
  },
  {
    key: "model",
    title: "model version",
    value: (one) => `${one.model} v${one.version}`,
    show: (one) => `${one.model} v${one.version}`,
  },
  {
    key: "verdict",
    title: "verdict",
    help: "On the run that made the model; with the reason, where it was deployed against it",
    wraps: true,
    value: (one) => [one.verdict, one.against_verdict].filter(Boolean).join(": "),
    show: (one) => <OnVerdict deployment={one} />,
  },
  { key: "endpoint", title: "endpoint", value: (one) => one.endpoint },
  {
    key: "ready",
    title: "ready in",
    align: "right",
    help: "From the click to the first right answer",
    value: (one) => one.ready_seconds,
    show: (one) => duration(one.ready_seconds),
  },
  {
    key: "created",
    title: "deployed",
    align: "right",
    value: (one) => one.created,
    show: (one) => time(one.created),
  },
];

export function AllDeployments() {
  const deployments = useQuery(trpc.deployments.list.queryOptions());
  const [, go] = useLocation();
  return (
    <>
      <ScreenTitle title="Deployments" />
      <Asked query={deployments} for="the deployments">
        {(list) =>
          list.length === 0 ? (
            <Empty
              action={
                <Button component={Link} href="~/ideas" variant="default">
                  To the ideas
                </Button>
              }
            >
              A model that you deploy appears here with its endpoint, its traffic and a form to try
              it. Test an idea first; its screen then offers <b>Deploy</b>.
            </Empty>
          ) : (
            <Panel title="What is served" note={`${liveOf(list)} of ${list.length} live`}>
              <DataTable
                name="Deployments"
                columns={COLUMNS}
                rows={list}
                rowKey={(one) => one.deployment}
                maxHeight={640}
                onOpen={(one) => go(`/${one.deployment}`)}
                isMuted={(one) => one.state === "stopped"}
              />
            </Panel>
          )
        }
      </Asked>
    </>
  );
}

const liveOf = (list: readonly Deployment[]) => list.filter(({ state }) => state === "live").length;
