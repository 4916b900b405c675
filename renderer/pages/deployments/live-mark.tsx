import type { DeploymentState } from "../../../contract/deployment.ts";
import classes from "./live-mark.module.css";

const WORDS: Record<DeploymentState, string> = {
  starting: "Starting",
  live: "Live",
  failed: "Failed",
  stopped: "Stopped",
};

/** The state of a deployment in a word; one that answers is *Live*. */
export function LiveMark(props: { state: DeploymentState }) {
  return (
    <span className={classes.mark} data-state={props.state}>
      <i aria-hidden />
      {WORDS[props.state]}
    </span>
  );
}
