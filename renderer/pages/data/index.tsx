import { Route, Switch } from "wouter";
import { DataSetName } from "../../../contract/ids.ts";
import { Empty } from "../../parts/empty.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { barIn } from "./addresses.ts";
import { AllData } from "./all-data.tsx";
import { DataSetPage } from "./data-set-page.tsx";

export default function DataPage() {
  return (
    <Switch>
      <Route path="/:name/bar/:bar">
        {(params) => {
          const name = DataSetName.safeParse(params.name);
          const bar = barIn(params.bar);
          if (!name.success || !bar) return <NoSuchData />;
          return <DataSetPage key={params.bar} name={name.data} bar={bar} />;
        }}
      </Route>
      <Route path="/:name">
        {(params) => {
          const name = DataSetName.safeParse(params.name);
          // Another data set begins with nothing chosen.
          return name.success ? <DataSetPage key={name.data} name={name.data} /> : <NoSuchData />;
        }}
      </Route>
      <Route>
        <AllData />
      </Route>
    </Switch>
  );
}

function NoSuchData() {
  return (
    <>
      <ScreenTitle title="Data" />
      <Empty>There is no data set of that name.</Empty>
    </>
  );
}
