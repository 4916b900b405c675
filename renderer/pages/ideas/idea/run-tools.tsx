import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { IconFileDownload, IconPencil } from "@tabler/icons-react";
import type { RunOverview } from "../../../../contract/run.ts";
import classes from "./run-banner.module.css";
import type { RunActions } from "./use-run-actions.ts";

/** Beside the three clicks: change the idea, take the report along. */
export function RunTools({ overview, actions }: { overview: RunOverview; actions: RunActions }) {
  return (
    <>
      <Tooltip label="Edit the idea">
        <ActionIcon aria-label="Edit the idea" onClick={actions.edit}>
          <IconPencil size={16} />
        </ActionIcon>
      </Tooltip>
      {overview.state !== "running" && (
        <Tooltip label="Save this run's report, one HTML file that opens offline">
          <ActionIcon
            aria-label="Save the report"
            loading={actions.isSavingReport}
            onClick={actions.saveReport}
          >
            <IconFileDownload size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  );
}

/** Said where the idea is another one by now than the run that is shown. */
export function EditedSince({ onEdit }: { onEdit: () => void }) {
  return (
    <Text size="sm" c="dimmed" component="section" aria-label="The idea as it is now">
      The idea has been edited since this run. Test repeats it as it was here; what you edited stays
      as it is, and is tested where it is edited.
      <Button
        className={classes.action}
        variant="subtle"
        color="gray"
        size="compact-xs"
        ml={6}
        onClick={onEdit}
      >
        Open it ›
      </Button>
    </Text>
  );
}
