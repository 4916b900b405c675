import type { Leaderboard } from "../../../../../contract/artifacts.ts";
import { baselineName } from "../../../../../contract/figures/index.ts";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { duration, fixed } from "../../../../parts/format.ts";

type WholeLine = Leaderboard[number];
type Line = Omit<WholeLine, "params">;

const nameOf = ({ kind, name }: Line) =>
  kind === "baseline" ? `${baselineName(name)} baseline` : name.replaceAll("_", " ");

const BRIEF: TableColumn<Line>[] = [
  { key: "model", title: "Model", value: nameOf },
  {
    key: "rank_ic",
    title: "Rank IC",
    align: "right",
    help: "Mean daily rank correlation of out-of-fold predictions with what happened",
    value: ({ rank_ic }) => rank_ic,
    show: ({ rank_ic }) => fixed(rank_ic, 4),
  },
  {
    key: "icir",
    title: "ICIR",
    align: "right",
    help: "Mean of the daily rank IC over its standard deviation",
    value: ({ icir }) => icir,
    show: ({ icir }) => fixed(icir, 2),
  },
  {
    key: "fit",
    title: "Fit",
    align: "right",
    help: "Seconds that fitting it in all folds took",
    value: ({ fit_seconds }) => fit_seconds || null,
    show: ({ fit_seconds }) => duration(fit_seconds || null),
  },
];

const WHOLE: TableColumn<WholeLine>[] = [
  ...BRIEF.slice(0, 3),
  {
    key: "rmse",
    title: "RMSE",
    align: "right",
    value: ({ rmse }) => rmse,
    show: ({ rmse }) => fixed(rmse, 4),
  },
  {
    key: "worst",
    title: "Worst fold",
    align: "right",
    help: "Rank IC in the fold in which it was lowest",
    value: ({ fold_rank_ic }) => worst(fold_rank_ic),
    show: ({ fold_rank_ic }) => fixed(worst(fold_rank_ic), 4),
  },
  ...BRIEF.slice(3),
  {
    key: "params",
    title: "Parameters",
    value: ({ params }) => paramsText(params),
    show: ({ params }) => <span title={paramsText(params)}>{paramsText(params) || "–"}</span>,
  },
];

/** Every model that was compared, the best first. */
export function LeaderboardTable({ lines }: { lines: readonly WholeLine[] }) {
  return <DataTable columns={WHOLE} rows={lines} {...SHARED} />;
}

/** The same without parameters, for a narrow place. */
export function BriefLeaderboard(props: { lines: readonly Line[]; maxHeight: number }) {
  return <DataTable columns={BRIEF} rows={props.lines} maxHeight={props.maxHeight} {...SHARED} />;
}

const SHARED = {
  name: "Leaderboard",
  rowKey: ({ kind, name }: Line) => `${kind} ${name}`,
  sortedBy: { key: "rank_ic", descending: true },
  isMuted: ({ kind }: Line) => kind === "baseline",
  isSelected: ({ kind }: Line) => kind === "ensemble",
};

function worst(folds: readonly (number | null)[]): number | null {
  const known = folds.filter((value) => value !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

export function paramsText(params: Readonly<Record<string, unknown>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} ${valueText(value)}`)
    .join(", ");
}

function valueText(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return value.map(valueText).join(" + ");
  if (typeof value === "object" && value !== null) {
    return Object.values(value).map(valueText).join(" ");
  }
  return String(value);
}
