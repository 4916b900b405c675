import { Route, Switch } from "wouter";
import { DeploymentId } from "../../../contract/ids.ts";
import { Empty } from "../../parts/empty.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { AllDeployments } from "./all-deployments.tsx";
import { DeploymentPage } from "./deployment-page.tsx";

export default function DeploymentsPage() {
  return (
    <Switch>
      <Route path="/:deployment">
        {(params) => {
          const id = DeploymentId.safeParse(decodeURIComponent(params.deployment));
          return id.success ? <DeploymentPage deployment={id.data} /> : <NoSuchDeployment />;
        }}
      </Route>
      <Route>
        <AllDeployments />
      </Route>
    </Switch>
  );
}

function NoSuchDeployment() {
  return (
    <>
      <ScreenTitle title="Deployments" />
      <Empty>There is no deployment of that name.</Empty>
    </>
  );
}
