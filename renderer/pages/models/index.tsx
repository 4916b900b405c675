import { Route, Switch } from "wouter";
import { AllModels } from "./all-models.tsx";
import { ComparePage } from "./compare-page.tsx";
import { ModelPage } from "./model-page.tsx";

export default function ModelsPage() {
  return (
    <Switch>
      <Route path="/compare/:versions">
        {({ versions }) => <ComparePage versions={decodeURIComponent(versions)} />}
      </Route>
      <Route path="/:name/:version">
        {({ name, version }) => (
          <ModelPage name={decodeURIComponent(name)} version={decodeURIComponent(version)} />
        )}
      </Route>
      <Route>
        <AllModels />
      </Route>
    </Switch>
  );
}
