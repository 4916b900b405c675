import { Button, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { DataSetName } from "../../../contract/ids.ts";
import { OUTSIDE } from "../../../contract/ledger.ts";
import type { IdeaTrials } from "../../../main/api/views.ts";
import { client, trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count, fixed } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { saveFile } from "../../parts/save-file.ts";

type State = "complete" | "pruned" | "failed" | "cancelled";

const COLUMNS: readonly TableColumn<IdeaTrials>[] = [
  {
    key: "idea",
    title: "idea",
    value: ({ idea }) => idea,
    show: ({ idea }) =>
      idea === OUTSIDE.idea ? "outside of any idea" : <Link href={`~/ideas/${idea}`}>{idea}</Link>,
  },
  {
    key: "trials",
    title: "trials",
    align: "right",
    value: ({ trials }) => trials,
    show: ({ trials }) => <b>{count(trials)}</b>,
  },
  inState("complete", "Fitted and scored in every fold"),
  inState("pruned", "Given up early: it did worse than the others in its first folds"),
  inState("failed", "It ended in an error; it was an attempt all the same"),
  inState("cancelled", "Stopped by a person, or by the end of the time for the search"),
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

/** Where the same bars have other names too. */
const DATA_SET: TableColumn<IdeaTrials> = {
  key: "data_set",
  title: "tried as",
  help: "Another data set that holds, or held, the same bars",
  value: ({ data_set }) => data_set,
};

function inState(state: State, help: string): TableColumn<IdeaTrials> {
  return {
    key: state,
    title: state,
    help,
    align: "right",
    value: (line) => line[state],
    show: (line) => count(line[state]),
  };
}

function columnsFor(name: DataSetName, lines: readonly IdeaTrials[]) {
  const elsewhere = lines.some(({ data_set }) => data_set !== name);
  return elsewhere ? [...COLUMNS.slice(0, 1), DATA_SET, ...COLUMNS.slice(1)] : COLUMNS;
}

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
                columns={columnsFor(name, by_idea)}
                rows={by_idea}
                rowKey={({ idea, data_set }) => `${idea} ${data_set}`}
                maxHeight={220}
              />
              <Text size="xs" c="dimmed" mt={6}>
                The bar rises: the best of {count(all)} tries looks good by luck alone, and the
                deflated Sharpe ratio of the next idea answers for all of them, also for those on
                the same bars under another name. How high the bar stands is drawn under Validation
                of each idea.
              </Text>
            </>
          )
        }
      </Asked>
    </Panel>
  );
}
