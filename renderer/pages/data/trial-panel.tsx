import { Button, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { DataSetName } from "../../../contract/ids.ts";
import type { IdeaTrials } from "../../../main/api/views.ts";
import { client, trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count, fixed } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { saveFile } from "../../parts/save-file.ts";

const COLUMNS: readonly TableColumn<IdeaTrials>[] = [
  {
    key: "idea",
    title: "idea",
    value: ({ idea }) => idea,
    show: ({ idea }) => <Link href={`~/ideas/${idea}`}>{idea}</Link>,
  },
  {
    key: "trials",
    title: "trials",
    align: "right",
    value: ({ trials }) => trials,
    show: ({ trials }) => <b>{count(trials)}</b>,
  },
  {
    key: "failed",
    title: "failed",
    align: "right",
    value: ({ failed }) => failed,
    show: ({ failed }) => count(failed),
  },
  {
    key: "runs",
    title: "runs",
    align: "right",
    value: ({ runs }) => runs,
    show: ({ runs }) => count(runs),
  },
  {
    key: "best",
    title: "best score",
    align: "right",
    value: ({ best }) => best,
    show: ({ best }) => fixed(best, 3),
  },
];

/** Everything that was ever tried on a data set. */
export function TrialPanel({ name }: { name: DataSetName }) {
  const trials = useQuery(trpc.data.trials.queryOptions({ name }));
  const saving = useMutation({
    mutationFn: () => client.data.ledger.query({ name }),
    onSuccess: (csv) => saveFile(`trials-${name}.csv`, csv, "text/csv"),
  });
  return (
    <Panel
      title="Trials on this data"
      actions={
        trials.data &&
        trials.data.all > 0 && (
          <Button
            variant="subtle"
            size="compact-xs"
            loading={saving.isPending}
            onClick={() => saving.mutate()}
          >
            Save as CSV
          </Button>
        )
      }
      note={trials.data ? `${count(trials.data.all)} in the ledger` : undefined}
    >
      <Asked query={trials} for="the ledger">
        {({ all, by_idea }) =>
          all === 0 ? (
            <Empty>
              Every configuration that any idea fits on this data is counted here, failed ones too,
              for good.
            </Empty>
          ) : (
            <>
              <DataTable
                name="Trials by idea"
                columns={COLUMNS}
                rows={by_idea}
                rowKey={({ idea }) => idea}
                maxHeight={220}
              />
              <Text size="xs" c="dimmed" mt={6}>
                The bar rises: the best of {count(all)} tries looks good by luck alone, and the
                deflated Sharpe ratio of the next idea answers for all of them.
              </Text>
            </>
          )
        }
      </Asked>
    </Panel>
  );
}
