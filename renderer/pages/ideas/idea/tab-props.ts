import type { RunOverview } from "../../../../contract/run.ts";
import type { LiveRun } from "./live-run.ts";
import type { Deploying } from "./use-deploy.ts";

/** What every tab of a run is given. */
export type TabProps = { overview: RunOverview; live: LiveRun; deploying: Deploying };
