import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";

export default function IdeasPage() {
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
                <li key={idea.id}>{idea.name}</li>
              ))}
            </ul>
          )
        }
      </Asked>
    </>
  );
}
