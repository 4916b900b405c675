import type { ReactNode } from "react";
import classes from "./panel.module.css";

/** A framed part of a screen with its heading. */
export function Panel(props: {
  title: string;
  /** Small print at the right of the title: the unit, the source, what is compared. */
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes.panel} aria-label={props.title}>
      <header className={classes.header}>
        <h2>{props.title}</h2>
        {props.note && <small>{props.note}</small>}
        {props.actions && <div className={classes.actions}>{props.actions}</div>}
      </header>
      {props.children}
    </section>
  );
}
