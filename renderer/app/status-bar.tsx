import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { DataSetName } from "../../contract/ids.ts";
import { bytes, count } from "../parts/format.ts";
import { lazyPart } from "../parts/lazy-part.tsx";
import { useShownData } from "../state/shown-data.ts";
import { ASIDE, trpc } from "./api.ts";
import classes from "./frame.module.css";

/** The workspace is measured file by file: seldom, and only while the window is looked at. */
const DISK_MS = 120_000;
/** So is what the engine takes up. */
const MEMORY_MS = 30_000;

const NO_DATA = DataSetName.parse("none");

const RunningJob = lazyPart(() => import("./running-job.tsx"));

export function StatusBar() {
  const status = useQuery(trpc.system.status.queryOptions(undefined, ASIDE)).data;
  const disk = useQuery({
    ...trpc.settings.disk.queryOptions(),
    refetchInterval: DISK_MS,
  }).data;
  const engine = status?.services.find(({ name }) => name === "engine");
  const memory = useQuery({
    ...trpc.system.engine_memory.queryOptions(undefined, ASIDE),
    enabled: engine?.state === "ready",
    refetchInterval: MEMORY_MS,
  }).data;
  const running = status?.running ?? 0;
  return (
    <footer className={`${classes.bar} ${classes.status}`}>
      <span>
        {engine ? `Engine ${engine.state.replaceAll("_", " ")}` : "Engine at rest"}
        {engine?.state === "ready" && memory != null && ` · ${bytes(memory)}`}
      </span>
      <span role="status">{runningText(running)}</span>
      {running > 0 && (
        <Suspense fallback={null}>
          <RunningJob />
        </Suspense>
      )}
      <TrialsOnData />
      {disk && (
        <span className={classes.end}>
          workspace {bytes(disk.used)} · {bytes(disk.free)} free
        </span>
      )}
    </footer>
  );
}

/** Every trial raises the bar for the next, so how many there were is never out of sight. */
function TrialsOnData() {
  const name = useShownData((shown) => shown.name);
  const trials = useQuery({
    ...trpc.data.trial_count.queryOptions({ name: name ?? NO_DATA }, ASIDE),
    enabled: name !== null,
  }).data;
  if (name === null || trials === undefined) return null;
  return (
    <span title={`Every configuration ever fitted on ${name}`}>
      Trials on this data: {count(trials)}
    </span>
  );
}

function runningText(running: number): string {
  if (running === 0) return "Nothing runs";
  return running === 1 ? "1 run at work" : `${running} runs at work`;
}
