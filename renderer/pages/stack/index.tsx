import { useQuery } from "@tanstack/react-query";
import { Route, Switch } from "wouter";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { ServiceGraph } from "./service-graph.tsx";
import { ServicePage } from "./service-page.tsx";
import { ServiceTable } from "./service-table.tsx";
import { useUsage } from "./usage.ts";

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
  return (
    <>
      <ScreenTitle title="Stack" />
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
              <ServiceTable services={list} usage={usage} />
            </>
          )
        }
      </Asked>
    </>
  );
}
