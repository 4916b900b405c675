import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { fetchAhead } from "../../app/fetch-ahead.ts";
import { Waiting } from "../../parts/waiting.tsx";
import { AllIdeas } from "./all/all-ideas.tsx";

const NewIdea = lazy(() => import("./new/new-idea.tsx"));
const Compare = lazy(() => import("./compare/compare.tsx"));
const idea = () => import("./idea/index.tsx");
const Idea = lazy(idea);
fetchAhead(idea);

export default function IdeasPage() {
  return (
    <Suspense fallback={<Waiting for="the screen" />}>
      <Switch>
        <Route path="/" component={AllIdeas} />
        <Route path="/new/:idea?">{({ idea }) => <NewIdea edited={idea ?? null} />}</Route>
        <Route path="/compare/:runs?">{({ runs }) => <Compare runs={runs ?? ""} />}</Route>
        <Route component={Idea} />
      </Switch>
    </Suspense>
  );
}
