import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { RunId } from "../../../../contract/ids.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
import { SideBySide } from "./side-by-side.tsx";

/** Runs beside each other; the address names them, with commas between. */
export default function Compare(props: { runs: string }) {
  const runs = decodeURIComponent(props.runs)
    .split(",")
    .flatMap((text) => {
      const run = RunId.safeParse(text);
      return run.success ? [run.data] : [];
    });
  const enough = runs.length >= 2 && runs.length <= 8;
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
      />
      {enough ? (
        <Asked query={compared} for="the runs">
          {(data) => <SideBySide runs={data} />}
        </Asked>
      ) : (
        <Empty>
          Mark two to eight ideas that have a verdict in the list, and click <b>Compare</b>: their
          parameters, measures and equity stand here side by side.
        </Empty>
      )}
    </>
  );
}
