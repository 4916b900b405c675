import type { ServiceView } from "../../../contract/service.ts";
import classes from "./state-mark.module.css";

const WORDS: Record<ServiceView["state"], string> = {
  stopped: "stopped",
  starting: "starting",
  ready: "ready",
  backing_off: "restarting",
  failed: "failed",
  stopping: "stopping",
  away: "not known",
};

export const HEALTH_WORDS: Record<ServiceView["health"], string> = {
  none: "–",
  starting: "starting",
  healthy: "healthy",
  unhealthy: "unhealthy",
};

/**
 * The state of a service in a word, with a dot whose colour says whether to worry; what its health
 * check says is told where the state does not imply it.
 */
export function StateMark(props: { state: ServiceView["state"]; health?: ServiceView["health"] }) {
  const { state, health = "none" } = props;
  const implied = health === "none" || (state === "ready" && health === "healthy");
  return (
    <span className={classes.mark} data-state={state}>
      <i aria-hidden />
      {implied || health === state ? WORDS[state] : `${WORDS[state]} · ${HEALTH_WORDS[health]}`}
    </span>
  );
}
