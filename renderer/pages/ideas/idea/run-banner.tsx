import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { RunOverview } from "../../../../contract/run.ts";
import { duration } from "../../../parts/format.ts";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import type { LiveRun } from "./live-run.ts";
import classes from "./run-banner.module.css";
import { STEP_TITLES } from "./step-words.ts";

/** How the run stands, in a sentence: at work, judged, failed or stopped, and what can be done. */
export function RunBanner(props: {
  overview: RunOverview;
  live: LiveRun;
  isCancelling: boolean;
  onWhy: () => void;
  onCancel: () => void;
  onResume: () => void;
  onShowLog: () => void;
}) {
  const { overview } = props;
  const { state, verdict, summary, problem } = overview;
  if (state === "running") {
    return (
      <Banner kind="running" word="Testing" sentence={workOf(overview, props.live)}>
        <Button
          className={classes.action}
          variant="subtle"
          color="gray"
          size="compact-xs"
          loading={props.isCancelling}
          onClick={props.onCancel}
        >
          Cancel
        </Button>
      </Banner>
    );
  }
  if (state === "failed" && problem) {
    return (
      <ProblemNote
        problem={problem}
        action={
          <Button.Group mt="sm">
            <Button variant="default" onClick={props.onResume}>
              Retry from here
            </Button>
            <Button variant="default" onClick={props.onShowLog}>
              Show the log
            </Button>
          </Button.Group>
        }
      />
    );
  }
  if (state !== "done" || !verdict) {
    const sentence =
      state === "cancelled"
        ? "This run was cancelled. What it finished is kept; it can go on where it stopped."
        : "This run was cut off. What it finished is kept; it can go on where it stopped.";
    return (
      <Banner kind="stopped" word={state} sentence={sentence}>
        <Button variant="default" size="compact-xs" onClick={props.onResume}>
          Resume
        </Button>
      </Banner>
    );
  }
  return (
    <Banner kind={verdict} word={verdict} sentence={withoutWord(summary ?? "")}>
      <Button
        className={classes.action}
        variant="subtle"
        color="gray"
        size="compact-xs"
        onClick={props.onWhy}
      >
        Why? ›
      </Button>
    </Banner>
  );
}

function Banner(props: { kind: string; word: string; sentence: string; children: ReactNode }) {
  return (
    <section className={classes.banner} data-kind={props.kind} aria-label="How the run stands">
      <b>{props.word}</b>
      <p>{props.sentence}</p>
      <div className={classes.end}>{props.children}</div>
    </section>
  );
}

/** The word stands before it already. */
function withoutWord(summary: string): string {
  const rest = summary.replace(/^(deploy|watch|reject)[:,]\s*/i, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function workOf({ steps, remaining }: RunOverview, live: LiveRun): string {
  const working = steps.filter(({ state }) => state === "running").map(({ name }) => name);
  if (working.length === 0) return "Waiting for the engine; its first start takes some seconds.";
  const parts = working.map((name) => {
    const said = live.progress[name]?.message;
    return said ? `${STEP_TITLES[name]}: ${said}` : STEP_TITLES[name];
  });
  const best = bestOf(live);
  if (working.includes("train") && best) parts.push(best);
  if (remaining !== null && remaining >= 1) {
    parts.push(`about ${duration(Math.ceil(remaining))} in all to go`);
  }
  return parts.join(" · ");
}

function bestOf({ trials }: LiveRun): string | null {
  let best: LiveRun["trials"][number] | null = null;
  for (const trial of trials) {
    if (trial.state === "complete" && (trial.score ?? -1) > (best?.score ?? -1)) best = trial;
  }
  return (
    best && `best of ${trials.length}: ${best.engine} #${best.number} ${best.score?.toFixed(3)}`
  );
}
