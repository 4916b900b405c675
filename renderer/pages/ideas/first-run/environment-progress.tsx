import { Loader, Text } from "@mantine/core";
import { IconCheck, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { EnvironmentView } from "../../../../contract/settings.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { bytes } from "../../../parts/format.ts";
import classes from "./first-run.module.css";

/** Each Python environment: there, being installed with what is happening, or still to come. */
export function EnvironmentProgress() {
  const environments = useQuery(trpc.settings.environments.queryOptions());
  return (
    <Asked query={environments} for="what is installed">
      {(list) => list.map((one) => <Line key={one.name} environment={one} />)}
    </Asked>
  );
}

function Line({ environment }: { environment: EnvironmentView }) {
  const { name, purpose, state, message, bytes: size } = environment;
  return (
    <div className={classes.line}>
      <Mark state={state} />
      <span>{name}</span>
      <span>{message ?? purpose}</span>
      <Text size="xs" c="dimmed">
        {state === "missing" ? "not installed yet" : bytes(size)}
      </Text>
    </div>
  );
}

function Mark({ state }: { state: EnvironmentView["state"] }) {
  if (state === "working") return <Loader size={14} aria-label="at work" />;
  if (state === "missing" || state === "outdated") {
    return <IconDownload size={16} color="var(--bf-muted)" aria-label="to be installed" />;
  }
  return <IconCheck size={16} color="var(--bf-good)" aria-label="installed" />;
}
