import { MantineProvider } from "@mantine/core";
import classes from "./refused.module.css";
import type { Refusal } from "./session.ts";
import { theme, variables } from "./theme.ts";

/** All that a window shows which may not see the workspace: what happened, and what to do. */
export function Refused({ detail, hint }: Refusal) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="dark">
      <main className={classes.page}>
        <h1>{detail}</h1>
        <p>{hint}</p>
      </main>
    </MantineProvider>
  );
}
