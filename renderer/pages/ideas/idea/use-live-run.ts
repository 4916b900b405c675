import { useEffect, useRef, useState } from "react";
import type { RunId } from "../../../../contract/ids.ts";
import type { NumberedRunEvent } from "../../../../contract/run.ts";
import { client } from "../../../app/api.ts";
import { showProblem } from "../../../app/problems.ts";
import { useConnection } from "../../../state/connection.ts";
import { type LiveRun, NOTHING_YET, withEvents } from "./live-run.ts";

/** A search tells of hundreds of trials a second; nobody sees more than five pictures of it. */
const REDRAW_MS = 200;

/** Follows a run while it works. A connection that was lost is taken up where it broke off. */
export function useLiveRun(run: RunId, working: boolean): LiveRun {
  const [live, setLive] = useState(NOTHING_YET);
  const latest = useRef(NOTHING_YET);
  const connected = useConnection(({ state }) => state === "open");

  useEffect(() => {
    if (!working || !connected) return;
    let arrived: NumberedRunEvent[] = [];
    let redraw: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      redraw = undefined;
      latest.current = withEvents(latest.current, arrived);
      arrived = [];
      setLive(latest.current);
    };
    const subscription = client.runs.watch.subscribe(
      { run, from_seq: latest.current.seq + 1 },
      {
        onData: (event) => {
          arrived.push(event);
          redraw ??= setTimeout(draw, REDRAW_MS);
        },
        onError: showProblem,
      },
    );
    return () => {
      subscription.unsubscribe();
      clearTimeout(redraw);
      if (arrived.length > 0) draw();
    };
  }, [run, working, connected]);

  return live;
}
