import { useQuery } from "@tanstack/react-query";
import { lazy } from "react";
import { Link, Route, Switch } from "wouter";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";

const IdeaPage = lazy(() => import("./idea/index.tsx"));

export default function IdeasPage() {
  return (
    <Switch>
      <Route path="/">
        <IdeaList />
      </Route>
      <Route path="/:idea/*?">
        <IdeaPage />
      </Route>
    </Switch>
  );
}

function IdeaList() {
  const ideas = useQuery(trpc.ideas.list.queryOptions());
  return (
    <>
      <ScreenTitle title="Ideas" />
      <Asked query={ideas} for="the ideas">
        {(list) =>
          list.length === 0 ? (
            <Empty>Each idea that you test appears here with its verdict.</Empty>
          ) : (
            <ul>
              {list.map((idea) => (
                <li key={idea.id}>
                  <Link href={`/${idea.id}`}>{idea.name}</Link>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </>
  );
}
