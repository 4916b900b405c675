import { Loader, SegmentedControl, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ServiceView } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { askToMove } from "./profile-table.tsx";
import classes from "./stack.module.css";
import { useProgress } from "./use-progress.ts";

type Supervisor = ServiceView["supervisor"];

/** What the services that ideas and deployments use run as, and the way to the other. */
export function SupervisorChoice(props: { chosen: Supervisor; hasDocker: boolean }) {
  const { chosen, hasDocker } = props;
  const use = useMutation(trpc.stack.use.mutationOptions());
  const progress = useProgress(use.isPending);
  // The way back does not lead past Docker either: it brings home what containers have kept.
  const canMove = hasDocker && !use.isPending;
  return (
    <div className={classes.choice}>
      <Text size="sm" id="runs-as">
        Ideas and deployments run as
      </Text>
      <SegmentedControl
        aria-labelledby="runs-as"
        size="xs"
        value={use.isPending ? use.variables.supervisor : chosen}
        disabled={!canMove}
        data={[
          { value: "native", label: "Processes" },
          { value: "docker", label: "Containers" },
        ]}
        onChange={(value) =>
          askToMove(value as Supervisor, () => use.mutate({ supervisor: value as Supervisor }))
        }
      />
      {use.isPending && (
        <span role="status" className={classes.progress}>
          <Loader size={12} /> {progress ?? "Ending what runs, so that it can go on elsewhere"}
        </span>
      )}
    </div>
  );
}
