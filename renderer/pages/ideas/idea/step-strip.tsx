import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import type { RunOverview } from "../../../../contract/run.ts";
import type { StepName } from "../../../../contract/step.ts";
import { duration } from "../../../parts/format.ts";
import type { LiveRun, Progress } from "./live-run.ts";
import classes from "./step-strip.module.css";
import { isWarned, outcomeOf, STEP_TITLES, type Step } from "./step-words.ts";

/** The steps of a run with how far each has come; a click opens what there is to know of it. */
export function StepStrip(props: {
  overview: RunOverview;
  live: LiveRun;
  onOpen: (step: StepName) => void;
}) {
  const { overview, live } = props;
  return (
    <ol className={classes.strip} aria-label="Steps">
      {overview.steps.map((step) => {
        const progress = step.state === "running" ? live.progress[step.name] : undefined;
        const words = wordsOf(step, progress, overview);
        return (
          <li key={step.name} className={classes.place}>
            <UnstyledButton
              className={classes.step}
              data-state={stateOf(step, overview)}
              title={words}
              onClick={() => props.onOpen(step.name)}
            >
              <span className={classes.head}>
                <span className={classes.name}>{STEP_TITLES[step.name]}</span>
                <small>{timeOf(step, progress)}</small>
              </span>
              <span className={classes.words}>{words || " "}</span>
              {/* What the colour of the bar tells. */}
              <VisuallyHidden>{step.state}</VisuallyHidden>
              <span
                className={classes.bar}
                style={{ width: `${shareOf(step, progress) * 100}%` }}
                aria-hidden
              />
            </UnstyledButton>
          </li>
        );
      })}
    </ol>
  );
}

function stateOf(step: Step, overview: RunOverview): string {
  if (step.state !== "done" && step.state !== "cached") return step.state;
  return isWarned(step, overview) ? "warned" : "done";
}

function wordsOf(step: Step, progress: Progress | undefined, overview: RunOverview): string {
  switch (step.state) {
    case "running":
      return progress ? progressWords(progress) : "starting";
    case "failed":
      return step.problem?.detail ?? "failed";
    case "waiting":
      return "";
    case "cancelled":
    case "skipped":
      return step.state;
    default:
      return outcomeOf(step, overview);
  }
}

function progressWords({ message, done, total, unit }: Progress): string {
  if (done == null || total == null) return message;
  return `${message ? `${message}: ` : ""}${done} of ${total}${unit ? ` ${unit}` : ""}`;
}

function timeOf(step: Step, progress: Progress | undefined): string {
  if (step.state === "cached") return "cached";
  if (step.state === "running") {
    if (typeof progress?.eta_s === "number") return `${duration(Math.ceil(progress.eta_s))} left`;
    return progress ? `${Math.round(progress.fraction * 100)} %` : "";
  }
  return step.seconds === null ? "" : duration(step.seconds);
}

function shareOf(step: Step, progress: Progress | undefined): number {
  if (step.state === "running") return Math.max(0.03, progress?.fraction ?? 0);
  return step.state === "waiting" ? 0 : 1;
}
