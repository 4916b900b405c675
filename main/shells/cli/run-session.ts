import type { RunId } from "../../../contract/ids.ts";
import type { RunResult } from "../../../contract/run.ts";
import type { Client } from "./attach.ts";
import { RunProgress } from "./run-progress.ts";

/**
 * Starts a run and stays with it to its end. Ctrl-C cancels the run, and with it the engine's job;
 * what is finished by then is kept.
 */
export async function runToEnd(
  client: Client,
  start: { yaml: string; file: string; data?: string[] },
): Promise<RunResult> {
  const { run } = await client.runs.start.mutate(start);
  return follow(client, run);
}

export async function follow(client: Client, run: RunId): Promise<RunResult> {
  const progress = new RunProgress();
  const cancel = () => void client.runs.cancel.mutate({ run });
  process.once("SIGINT", cancel);
  try {
    let seen = 0;
    await new Promise<void>((resolve, reject) => {
      client.runs.watch.subscribe(
        { run },
        {
          onData: (event) => {
            // A connection that was made anew tells everything again.
            if (event.seq <= seen) return;
            seen = event.seq;
            progress.show(event);
          },
          onError: reject,
          // Not at the first "ended": a run that was resumed tells of its earlier ends too.
          onComplete: resolve,
        },
      );
    });
  } finally {
    process.off("SIGINT", cancel);
  }
  return client.runs.result.query({ run });
}
