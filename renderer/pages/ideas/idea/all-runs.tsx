import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { IdeaId } from "../../../../contract/ids.ts";
import type { NumberedRun } from "../../../../main/api/views.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../../parts/data-table.tsx";
import { duration, fixed, time } from "../../../parts/format.ts";
import { VerdictWord } from "../../../parts/verdict-word.tsx";

/** More than anybody makes of one idea. */
const MOST = 100_000;

/** Every run of an idea, to be sorted and opened. */
export default function AllRuns(props: {
  idea: { id: IdeaId; name: string };
  onOpen: (run: NumberedRun) => void;
  onClose: () => void;
}) {
  const { idea } = props;
  const runs = useQuery(trpc.runs.ofIdea.queryOptions({ idea: idea.id, limit: MOST }));
  return (
    <Modal opened onClose={props.onClose} size="xl" title={`Runs of ${idea.name}`}>
      <Asked query={runs} for="the runs">
        {(rows) => (
          <DataTable
            name={`Runs of ${idea.name}`}
            columns={COLUMNS}
            rows={rows}
            rowKey={({ run }) => run}
            maxHeight={560}
            onOpen={props.onOpen}
          />
        )}
      </Asked>
    </Modal>
  );
}

const COLUMNS: readonly TableColumn<NumberedRun>[] = [
  { key: "number", title: "Run", value: ({ number }) => number, align: "right", width: "12%" },
  {
    key: "started",
    title: "Started",
    value: ({ started }) => started,
    show: ({ started }) => time(started),
    width: "26%",
  },
  { key: "state", title: "State", value: ({ state }) => state, width: "16%" },
  {
    key: "verdict",
    title: "Verdict",
    value: ({ verdict }) => verdict,
    show: ({ verdict }) => (verdict ? <VerdictWord verdict={verdict} /> : "–"),
    width: "16%",
  },
  {
    key: "rank_ic",
    title: "Rank IC",
    value: ({ rank_ic }) => rank_ic,
    show: ({ rank_ic }) => fixed(rank_ic),
    align: "right",
    width: "15%",
  },
  {
    key: "seconds",
    title: "Took",
    value: ({ seconds }) => seconds,
    show: ({ seconds }) => (seconds === null ? "–" : duration(seconds)),
    align: "right",
    width: "15%",
  },
];
