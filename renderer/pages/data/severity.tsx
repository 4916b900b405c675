import type { Quality } from "../../../contract/data.ts";
import type { RunFinding } from "../../../contract/run.ts";
import { count } from "../../parts/format.ts";
import classes from "./severity.module.css";

export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = RunFinding["severity"];

/** A text of a severity, in the colour that the severity has in charts. */
export function SeverityMark(props: { severity: Severity; text: string }) {
  return (
    <span className={classes.mark} data-severity={props.severity}>
      <i role="img" aria-label={props.severity} title={props.severity} />
      {props.text}
    </span>
  );
}

/** How many findings of each severity a check left. */
export function SeverityCounts({ quality }: { quality: Quality | null }) {
  if (!quality) return <>not checked</>;
  if (quality.findings === 0) return <>none</>;
  return (
    <span className={classes.counts}>
      {SEVERITIES.filter((severity) => (quality.by_severity[severity] ?? 0) > 0).map((severity) => (
        <SeverityMark
          key={severity}
          severity={severity}
          text={`${count(quality.by_severity[severity])} ${wordOf(severity, quality.by_severity[severity] ?? 0)}`}
        />
      ))}
    </span>
  );
}

function wordOf(severity: Severity, many: number): string {
  if (severity === "info") return "info";
  return many === 1 ? severity : `${severity}s`;
}
