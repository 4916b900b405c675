import type { ReactNode } from "react";
import classes from "./columns.module.css";

/** Panels in two columns, the left one twice as wide unless they are even; one where it is narrow. */
export function Columns(props: { left: ReactNode; right: ReactNode; even?: boolean }) {
  return (
    <div className={`${classes.columns} ${props.even ? classes.even : ""}`}>
      <div>{props.left}</div>
      <div>{props.right}</div>
    </div>
  );
}
