import { ActionIcon, Button, Progress, Stack, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "wouter";
import type { DataImport } from "../../../contract/data.ts";
import type { DataSetName } from "../../../contract/ids.ts";
import { trpc } from "../../app/api.ts";
import { duration, percent } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ProblemNote } from "../../parts/problem-note.tsx";
import classes from "./import-list.module.css";
import { useImports } from "./use-imports.ts";

const STEP_WORDS = { ingest: "Reading", check: "Checking" } as const;

/** Imports under way, and how the last ones ended; nothing where there are none. */
export function ImportList(props: { of?: DataSetName }) {
  const imports = useImports().filter(({ name }) => !props.of || name === props.of);
  if (imports.length === 0) return null;
  return (
    <Panel title="Imports">
      <Stack gap={4} mt={4}>
        {imports.map((one) => (
          <ImportLine key={one.id} one={one} />
        ))}
      </Stack>
    </Panel>
  );
}

function ImportLine({ one }: { one: DataImport }) {
  const cancel = useMutation(trpc.data.cancelImport.mutationOptions());
  const dismiss = useMutation(trpc.data.dismissImport.mutationOptions());
  if (one.state === "running") {
    return (
      <div className={classes.line} role="status">
        <b>{one.name}</b>
        <span>
          {STEP_WORDS[one.step]}: {one.message}
        </span>
        <span>
          {percent(one.fraction, 0)}
          {one.eta_s !== null && one.eta_s > 1 && `, ${duration(one.eta_s)} left`}
        </span>
        <Button
          variant="default"
          size="compact-xs"
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ id: one.id })}
        >
          Cancel
        </Button>
        <Progress
          className={classes.bar}
          size={4}
          value={one.fraction * 100}
          aria-label={`Import of ${one.name}`}
        />
      </div>
    );
  }
  return (
    <div>
      <div className={classes.line}>
        <Link href={`~/data/${one.name}`}>{one.name}</Link>
        <span>{endOf(one)}</span>
        <span />
        <Tooltip label="Take off the list">
          <ActionIcon
            size="sm"
            aria-label={`Take the import of ${one.name} off the list`}
            onClick={() => dismiss.mutate({ id: one.id })}
          >
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      {one.problem && <ProblemNote problem={one.problem} />}
    </div>
  );
}

function endOf({ state, step, version }: DataImport): string {
  if (state === "done") return `imported and checked: version ${version}`;
  if (state === "cancelled") {
    return step === "check" ? `version ${version} imported, its check cancelled` : "cancelled";
  }
  return step === "check" ? "imported, but could not be checked" : "could not be imported";
}
