import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { RunId } from "../../../../contract/ids.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
import { AddIdea } from "./add-idea.tsx";
import { MOST_COMPARED } from "./limits.ts";
import { SideBySide } from "./side-by-side.tsx";

/** Runs beside each other; the address names them, with commas between. */
export default function Compare(props: { runs: string }) {
  const runs = decodeURIComponent(props.runs)
    .split(",")
    .flatMap((text) => {
      const run = RunId.safeParse(text);
      return run.success ? [run.data] : [];
    });
  const [first] = runs;
  const enough = runs.length >= 2 && runs.length <= MOST_COMPARED;
  const compared = useQuery(
    trpc.ideas.compare.queryOptions(
      { runs },
      { enabled: enough, placeholderData: keepPreviousData },
    ),
  );
  return (
    <>
      <ScreenTitle
        title={enough ? `Compare ${runs.length} ideas` : "Compare ideas"}
        path={<Link href="/">Ideas</Link>}
      >
        {/* Anew for each choice, so that the last one does not stand in its field. */}
        {runs.length < MOST_COMPARED && <AddIdea key={props.runs} runs={runs} />}
      </ScreenTitle>
      {enough ? (
        <Asked query={compared} for="the runs">
          {(data) => <SideBySide runs={data} />}
        </Asked>
      ) : first && runs.length === 1 ? (
        <Chosen run={first} />
      ) : (
        <Empty>
          Mark two to eight ideas that have a verdict in the list, and click <b>Compare</b>: their
          parameters, measures and equity stand here side by side.
        </Empty>
      )}
    </>
  );
}

/** One idea waits for those that it is to be compared with. */
function Chosen({ run }: { run: RunId }) {
  const overview = useQuery(trpc.runs.overview.queryOptions({ run }));
  return (
    <Asked query={overview} for="the run">
      {({ idea, number }) => (
        <Empty>
          Run {number} of <b>{idea.name}</b> is chosen. Add the idea that it is to be compared with:
          their parameters, measures and equity stand here side by side.
        </Empty>
      )}
    </Asked>
  );
}
