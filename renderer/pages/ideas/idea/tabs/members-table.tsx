import { z } from "zod";
import type { Leaderboard } from "../../../../../contract/artifacts.ts";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { fixed, percent } from "../../../../parts/format.ts";

const Members = z.array(z.object({ name: z.string(), weight: z.number() }));

type Member = { name: string; weight: number; rank_ic: number | null; icir: number | null };

const COLUMNS: TableColumn<Member>[] = [
  { key: "member", title: "Member", value: ({ name }) => name.replaceAll("_", " ") },
  {
    key: "weight",
    title: "Weight",
    align: "right",
    value: ({ weight }) => weight,
    show: ({ weight }) => percent(weight, 0),
  },
  {
    key: "rank_ic",
    title: "Alone",
    align: "right",
    help: "Its rank IC by itself, out of fold",
    value: ({ rank_ic }) => rank_ic,
    show: ({ rank_ic }) => fixed(rank_ic, 4),
  },
  {
    key: "icir",
    title: "ICIR",
    align: "right",
    value: ({ icir }) => icir,
    show: ({ icir }) => fixed(icir, 2),
  },
];

/** What the final model is made of. */
export function MembersTable({ leaderboard }: { leaderboard: Leaderboard }) {
  const ensemble = leaderboard.find(({ kind }) => kind === "ensemble");
  const members = Members.safeParse(ensemble?.params.members);
  if (!members.success)
    return <Empty>The leaderboard does not tell what the model is made of.</Empty>;
  const rows = members.data.map(({ name, weight }) => {
    const alone = leaderboard.find((line) => line.name === name);
    return { name, weight, rank_ic: alone?.rank_ic ?? null, icir: alone?.icir ?? null };
  });
  return (
    <DataTable
      name="Members"
      columns={COLUMNS}
      rows={rows}
      rowKey={({ name }) => name}
      sortedBy={{ key: "weight", descending: true }}
    />
  );
}
