import { Notification } from "electron";
import type { Jobs } from "./jobs.ts";

const ENDS: Record<string, string> = {
  done: "is finished",
  failed: "has failed",
  cancelled: "was cancelled",
  interrupted: "was interrupted, and can be resumed",
};

/** Tells of each run's end while the person looks at something else. */
export function notifyOfEnds(jobs: Jobs, isLookedAt: () => boolean, show: () => void): void {
  jobs.ended.subscribe((run) => {
    if (isLookedAt() || !Notification.isSupported()) return;
    const notification = new Notification({
      title: `${run.idea} ${ENDS[run.state] ?? run.state}`,
      body: run.verdict ? `Verdict: ${run.verdict}` : "Open the workbench to see why.",
    });
    notification.on("click", show);
    notification.show();
  });
}
