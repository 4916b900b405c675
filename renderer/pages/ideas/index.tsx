import { Suspense } from "react";
import { Route, Switch } from "wouter";
import { fetchAhead } from "../../app/fetch-ahead.ts";
import { lazyPart } from "../../parts/lazy-part.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import { AllIdeas } from "./all/all-ideas.tsx";

const NewIdea = lazyPart(() => import("./new/new-idea.tsx"));
const Compare = lazyPart(() => import("./compare/compare.tsx"));
const Idea = lazyPart(() => import("./idea/index.tsx"));
fetchAhead(Idea.fetch);

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
