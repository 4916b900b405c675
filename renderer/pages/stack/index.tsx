import { useQuery } from "@tanstack/react-query";
import { Route, Switch } from "wouter";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { DockerState } from "./docker-state.tsx";
import { ProfileTable } from "./profile-table.tsx";
import { ServiceGraph } from "./service-graph.tsx";
import { ServicePage } from "./service-page.tsx";
import { ServiceTable } from "./service-table.tsx";
import { SupervisorChoice } from "./supervisor-choice.tsx";
import { useUsage } from "./usage.ts";

/** A daemon that is started or ended beside us tells nobody. */
const LOOK_MS = 30_000;

export default function StackPage() {
  return (
    <Switch>
      <Route path="/:supervisor/:service">{(which) => <ServicePage {...which} />}</Route>
      <Route path="/:service">{({ service }) => <ServicePage service={service} />}</Route>
      <Route>
        <AllServices />
      </Route>
    </Switch>
  );
}

function AllServices() {
  const services = useQuery(trpc.stack.list.queryOptions());
  const usage = useUsage();
  const docker = useQuery({
    ...trpc.docker.daemon.queryOptions(),
    refetchInterval: LOOK_MS,
  });
  const chosen = useQuery(trpc.stack.supervisor.queryOptions());
  const hasDocker = docker.data?.problem === null;
  const place = { chosen: chosen.data ?? "native", hasDocker };
  return (
    <>
      <ScreenTitle title="Stack">{chosen.data && <SupervisorChoice {...place} />}</ScreenTitle>
      {docker.data && <DockerState docker={docker.data} />}
      <Asked query={services} for="the services">
        {(list) =>
          list.length === 0 ? (
            <Empty>
              The services of this workspace appear here: the engine, MLflow, and, once something is
              deployed, the router and one model server for each version.
            </Empty>
          ) : (
            <>
              <ServiceGraph services={list} usage={usage} />
              <ProfileTable services={list} {...place} />
              <ServiceTable services={list} usage={usage} />
            </>
          )
        }
      </Asked>
    </>
  );
}
