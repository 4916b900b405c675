import type { ServiceView } from "../../../contract/service.ts";
import classes from "./state-mark.module.css";

const WORDS: Record<ServiceView["state"], string> = {
  stopped: "stopped",
  starting: "starting",
  ready: "ready",
  backing_off: "restarting",
  failed: "failed",
  stopping: "stopping",
};

/** The state of a service in a word, with a dot whose colour says whether to worry. */
export function StateMark(props: { state: ServiceView["state"] }) {
  return (
    <span className={classes.mark} data-state={props.state}>
      <i aria-hidden />
      {WORDS[props.state]}
    </span>
  );
}
