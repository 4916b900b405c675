import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { RunId } from "../../contract/ids.ts";
import type { RunOverview } from "../../contract/run.ts";
import type { LiveRun } from "../pages/ideas/idea/live-run.ts";
import { STEP_TITLES } from "../pages/ideas/idea/step-words.ts";
import { useLiveRun } from "../pages/ideas/idea/use-live-run.ts";
import { duration } from "../parts/format.ts";
import { ASIDE, trpc } from "./api.ts";
import classes from "./frame.module.css";

const ESTIMATE_MS = 5000;

/** The run that began last of those at work: whose it is, how far, and for how long yet. */
export default function RunningJob() {
  const working = useQuery(trpc.runs.working.queryOptions(undefined, ASIDE)).data;
  const newest = working?.[0];
  return newest ? <Job key={newest.run} {...newest} /> : null;
}

function Job(props: { run: RunId; idea: string; name: string }) {
  const { run, idea, name } = props;
  // The time that is left is told with it, and grows shorter without anything else changing.
  const overview = useQuery({
    ...trpc.runs.overview.queryOptions({ run }, ASIDE),
    refetchInterval: ESTIMATE_MS,
  }).data;
  const live = useLiveRun(run, true);
  return (
    <Link href={`/ideas/${idea}/runs/${run}`} className={classes.job} title={name}>
      <span className={classes.jobName}>{name}</span>
      {overview && <span>{howFar(overview, live)}</span>}
    </Link>
  );
}

function howFar({ steps, remaining }: RunOverview, live: LiveRun): string {
  const working = steps.find(({ state }) => state === "running");
  if (!working) return "";
  const progress = live.progress[working.name];
  const share = progress ? ` ${Math.round(progress.fraction * 100)} %` : "";
  const left = remaining !== null && remaining >= 1 ? Math.ceil(remaining) : null;
  const time = left === null ? "" : ` · about ${duration(left)} to go`;
  return `${STEP_TITLES[working.name]}${share}${time}`;
}
