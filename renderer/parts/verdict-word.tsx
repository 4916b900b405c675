import type { Verdict } from "../../contract/run.ts";
import classes from "./verdict-word.module.css";

/** A verdict as it stands in tables and pills. */
export function VerdictWord({ verdict }: { verdict: Verdict }) {
  return (
    <span className={classes.word} data-verdict={verdict}>
      {verdict}
    </span>
  );
}
