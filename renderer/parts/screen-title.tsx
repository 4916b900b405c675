import type { ReactNode } from "react";
import classes from "./screen-title.module.css";

/** The head of a screen: where one is, what this is, and the actions at the right. */
export function ScreenTitle(props: { title: string; path?: ReactNode; children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <div className={classes.text}>
        {props.path && <div className={classes.path}>{props.path}</div>}
        <h1>{props.title}</h1>
      </div>
      <div className={classes.actions}>{props.children}</div>
    </div>
  );
}
