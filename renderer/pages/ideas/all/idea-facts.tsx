import type { IdeaRow } from "../../../../contract/idea-list.ts";
import { duration, time } from "../../../parts/format.ts";
import { VerdictWord } from "../../../parts/verdict-word.tsx";
import { inWords } from "../words.ts";
import classes from "./idea-facts.module.css";

/** What came of the idea: its verdict, or what its newest run is doing. */
export function Standing({ idea: { last, judged } }: { idea: IdeaRow }) {
  if (last?.state === "running") return <span className={classes.running}>testing</span>;
  if (judged) return <VerdictWord verdict={judged.verdict} />;
  if (last?.state === "failed") return <span className={classes.failed}>failed</span>;
  return <span className={classes.quiet}>{last ? last.state : "not tested"}</span>;
}

/** When the idea was last tested, and how that ended where it did not end well. */
export function LastRun({ idea: { last, judged } }: { idea: IdeaRow }) {
  if (!last) return <span className={classes.quiet}>never run</span>;
  const isOlder = judged && judged.run !== last.run && last.state !== "running";
  return (
    <span className={classes.quiet} title={`${last.started}, ${last.state}`}>
      {time(last.started)}
      {isOlder && last.state !== "done" && <span className={classes.failed}> · {last.state}</span>}
      {last.state === "done" && last.seconds !== null && ` · ${duration(last.seconds)}`}
    </span>
  );
}

/** What is predicted, how far ahead, on which data. */
export function aboutOf({ data, target, horizon, strategy }: IdeaRow): string {
  return [
    data,
    `${inWords(target).toLowerCase()}, ${horizon} ${horizon === 1 ? "bar" : "bars"}`,
    inWords(strategy).toLowerCase(),
  ].join(" · ");
}

/** Of its page. A link without a hook: thousands of lines have one. */
export const addressOf = ({ id }: IdeaRow) => `#/ideas/${id}`;
