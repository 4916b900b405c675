import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useRoute } from "wouter";
import { IdeaId, RunId } from "../../../../contract/ids.ts";
import { trpc } from "../../../app/api.ts";
import { plotly } from "../../../charts/plotly.ts";
import { Asked } from "../../../parts/asked.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
import { RunPage } from "./run-page.tsx";
import { UntestedIdea } from "./untested-idea.tsx";

/** An idea, by its latest run or by the one that the address names. */
export default function IdeaPage() {
  const [isRun, ofRun] = useRoute("/:idea/runs/:run/:tab?");
  const [, ofIdea] = useRoute("/:idea/:tab?");
  // While the run is asked for; a chart that needs it says so if it cannot be had.
  useEffect(() => void plotly().catch(() => undefined), []);
  const idea = IdeaId.safeParse(isRun ? ofRun.idea : ofIdea?.idea);
  const run = RunId.safeParse(ofRun?.run);
  if (!idea.success || (isRun && !run.success)) return <Nowhere />;
  if (run.success) {
    const base = `/${idea.data}/runs/${run.data}`;
    return <ShownRun run={run.data} base={base} tab={ofRun?.tab} />;
  }
  return <LatestRun idea={idea.data} tab={ofIdea?.tab} />;
}

function LatestRun({ idea, tab }: { idea: IdeaId; tab: string | undefined }) {
  const runs = useQuery(trpc.runs.ofIdea.queryOptions({ idea, limit: 1 }));
  return (
    <Asked query={runs} for="the idea">
      {([latest]) =>
        latest ? (
          <ShownRun run={latest.run} base={`/${idea}`} tab={tab} />
        ) : (
          <UntestedIdea idea={idea} />
        )
      }
    </Asked>
  );
}

function ShownRun({ run, base, tab }: { run: RunId; base: string; tab: string | undefined }) {
  const overview = useQuery(trpc.runs.overview.queryOptions({ run }));
  return (
    <Asked query={overview} for="the run">
      {(data) => <RunPage key={run} overview={data} base={base} tab={tab} />}
    </Asked>
  );
}

function Nowhere() {
  return (
    <>
      <ScreenTitle title="No such idea" />
      <Empty>
        The address names no idea or run of this workspace. The rail leads to the ideas.
      </Empty>
    </>
  );
}
