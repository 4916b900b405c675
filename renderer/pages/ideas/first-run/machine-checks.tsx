import { IconAlertTriangle, IconCheck, IconInfoCircle, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import classes from "./first-run.module.css";

const MARKS = {
  ok: <IconCheck size={16} color="var(--bf-good)" aria-label="fine" />,
  note: <IconInfoCircle size={16} color="var(--bf-muted)" aria-label="to know" />,
  warning: <IconAlertTriangle size={16} color="var(--bf-warn)" aria-label="limited" />,
  missing: <IconX size={16} color="var(--bf-bad)" aria-label="missing" />,
};

/** What this machine has for the work, and what to do where it is not enough. */
export function MachineChecks() {
  const checks = useQuery(trpc.system.doctor.queryOptions());
  return (
    <Asked query={checks} for="what this machine has">
      {(list) =>
        list
          // Environments have a panel of their own.
          .filter(({ name }) => !name.startsWith("Python: "))
          .map(({ name, state, found, hint }) => (
            <div key={name} className={classes.line}>
              {MARKS[state]}
              <span>{name}</span>
              <span>
                {found}
                {hint && <div className={classes.hint}>{hint}</div>}
              </span>
            </div>
          ))
      }
    </Asked>
  );
}
