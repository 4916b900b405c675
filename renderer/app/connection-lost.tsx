import { IconPlugConnectedX } from "@tabler/icons-react";
import { useConnection } from "../state/connection.ts";
import classes from "./frame.module.css";

/** Says at once that what the window shows may be out of date, until the core answers again. */
export function ConnectionLost() {
  const state = useConnection((connection) => connection.state);
  if (state !== "lost" && state !== "refused") return null;
  return (
    <div className={classes.lost} role="alert">
      <IconPlugConnectedX size={16} color="var(--bf-bad)" aria-hidden />
      {state === "lost" ? <Lost /> : <Refused />}
    </div>
  );
}

function Lost() {
  return (
    <span>
      <b>Connection lost.</b> What you see may be out of date. Trying to reach the workbench again;
      if it was closed, start it with <code>npm start</code>.
    </span>
  );
}

function Refused() {
  return (
    <span>
      <b>The workbench was started anew</b> and does not know this window. Open the address that{" "}
      <code>npm start</code> prints; what you typed here stays until you close the window.
    </span>
  );
}
