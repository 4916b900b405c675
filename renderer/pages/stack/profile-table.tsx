import { Button, Group, Loader } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ProfileView, ServiceView } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Panel } from "../../parts/panel.tsx";
import classes from "./stack.module.css";
import { useProgress } from "./use-progress.ts";
import { RUN_AS } from "./which.ts";

type Supervisor = ServiceView["supervisor"];

/** The services of a profile under one supervisor. */
type Row = {
  profile: string;
  supervisor: Supervisor;
  services: readonly string[];
  up: number;
  /** Ideas run on it, so bringing it up decides what they run on. */
  isElsewhere: boolean;
};

/** Profiles, each brought up and ended as a whole, and what is being done meanwhile. */
export function ProfileTable(props: {
  services: readonly ServiceView[];
  chosen: Supervisor;
  /** Whether a Docker daemon answers. */
  hasDocker: boolean;
}) {
  const profiles = useQuery(trpc.stack.profiles.queryOptions());
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: trpc.docker.pathKey() });
  const up = useMutation(trpc.stack.up.mutationOptions({ onSettled }));
  const down = useMutation(trpc.stack.down.mutationOptions({ onSettled }));
  const busy = up.isPending || down.isPending;
  const progress = useProgress(busy);
  const columns = useMemo(() => {
    const bringUp = ({ profile, supervisor }: Row) =>
      up.mutate({ supervisor, profiles: [profile] });
    const bringDown = ({ profile, supervisor }: Row) =>
      down.mutate({ supervisor, profiles: [profile] });
    return columnsWith({ bringUp, bringDown, busy });
  }, [up.mutate, down.mutate, busy]);
  return (
    <Panel title="Profiles" note="services that are brought up together">
      <Asked query={profiles} for="the profiles">
        {(list) => (
          <DataTable
            name="Profiles"
            columns={columns}
            rows={rowsOf(list, props)}
            rowKey={({ profile, supervisor }) => `${supervisor}/${profile}`}
          />
        )}
      </Asked>
      {busy && (
        <div role="status" className={classes.progress}>
          <Loader size={12} /> <span>{progress ?? "Looking at what is there"}</span>
        </div>
      )}
    </Panel>
  );
}

function rowsOf(
  profiles: readonly ProfileView[],
  around: { services: readonly ServiceView[]; chosen: Supervisor; hasDocker: boolean },
): Row[] {
  return profiles.flatMap(({ profile, services, supervisors }) =>
    supervisors
      .filter((one) => one === "native" || around.hasDocker)
      .map((supervisor) => {
        const own = around.services.filter(
          (one) => one.supervisor === supervisor && one.profiles.includes(profile),
        );
        return {
          ...{ profile, supervisor },
          services: own.length > 0 ? own.map(({ service }) => service) : services,
          up: own.filter(({ state }) => state !== "stopped" && state !== "failed").length,
          isElsewhere: profile === "core" && supervisor !== around.chosen,
        };
      }),
  );
}

function columnsWith(act: {
  bringUp: (row: Row) => void;
  bringDown: (row: Row) => void;
  busy: boolean;
}): TableColumn<Row>[] {
  return [
    { key: "profile", title: "Profile", value: ({ profile }) => profile },
    { key: "runs-as", title: "Runs as", value: ({ supervisor }) => RUN_AS[supervisor] },
    {
      ...{ key: "services", title: "Services", wraps: true },
      value: ({ services }) => services.join(", "),
    },
    { key: "up", title: "Up", align: "right", value: ({ up }) => up },
    {
      ...{ key: "actions", title: "", value: () => null },
      show: (row) => <ProfileActions row={row} {...act} />,
    },
  ];
}

function ProfileActions(props: {
  row: Row;
  bringUp: (row: Row) => void;
  bringDown: (row: Row) => void;
  busy: boolean;
}) {
  const { row, bringUp, bringDown, busy } = props;
  const name = `${row.profile} as ${RUN_AS[row.supervisor]}`;
  const start = () =>
    row.isElsewhere ? askToMove(row.supervisor, () => bringUp(row)) : bringUp(row);
  const end = () =>
    modals.openConfirmModal({
      title: `End ${name}?`,
      children:
        row.profile === "core"
          ? "What is served is out of reach until it is up again; an idea that is tested brings it up by itself. Data stays."
          : "Its services end, but for those that another profile in use has. Data stays.",
      labels: { confirm: "End it", cancel: "Leave it up" },
      onConfirm: () => bringDown(row),
    });
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button
        variant="default"
        size="compact-sm"
        disabled={busy}
        aria-label={`Bring up ${name}`}
        onClick={start}
      >
        Bring up
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        disabled={busy || row.up === 0}
        aria-label={`End ${name}`}
        onClick={end}
      >
        End
      </Button>
    </Group>
  );
}

/** Says what it means to have ideas run on the other kind of services, before it is done. */
export function askToMove(supervisor: Supervisor, work: () => void): void {
  const [from, to] =
    supervisor === "docker"
      ? (["processes", "containers"] as const)
      : (["containers", "processes"] as const);
  modals.openConfirmModal({
    title: `Run ideas and deployments as ${to}?`,
    children: `Engine, MLflow, router and model servers that run as ${from} end, and run as ${to} from now on. Trials and the registry go along, and what is live is live again afterwards. Nothing is lost, and you can go back.`,
    labels: { confirm: `Run them as ${to}`, cancel: "Leave it as it is" },
    onConfirm: work,
  });
}
