import type { ReactNode } from "react";
import classes from "./facts.module.css";

export type Fact =
  | { text: ReactNode; tone?: "warn" | "bad"; help?: string }
  | false
  | null
  | undefined;

/** What is worth knowing at a glance, as a row of pills under the title. */
export function Facts(props: { facts: readonly Fact[] }) {
  const facts = props.facts.filter((fact) => !!fact);
  return (
    <div className={classes.facts}>
      {facts.map((fact, position) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a fact has no other name than its place
          key={position}
          className={classes.fact}
          data-tone={fact.tone}
          title={fact.help}
        >
          {fact.text}
        </span>
      ))}
    </div>
  );
}
