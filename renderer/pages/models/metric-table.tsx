import type { RunResult } from "../../../contract/run.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { count, fixed } from "../../parts/format.ts";

type Metrics = NonNullable<RunResult["metrics"]>;
type Line = { label: string; values: (number | null)[]; digits: number; help: string };

const METRICS: readonly { key: keyof Metrics; label: string; digits: number; help: string }[] = [
  { key: "rank_ic", label: "Rank IC", digits: 4, help: "Mean daily rank correlation, out of fold" },
  {
    key: "baseline_rank_ic",
    label: "Baseline's rank IC",
    digits: 4,
    help: "Of the naive forecast",
  },
  { key: "icir", label: "ICIR", digits: 2, help: "Rank IC over its own scatter" },
  { key: "folds_ahead", label: "Folds ahead", digits: 0, help: "In which it beats the baseline" },
  { key: "folds", label: "Folds", digits: 0, help: "Of the walk-forward" },
  { key: "sharpe_net", label: "Net Sharpe", digits: 2, help: "After costs, at the next bar" },
  {
    key: "deflated_sharpe",
    label: "Deflated Sharpe",
    digits: 3,
    help: "Probability that it is more than the luck of so many trials",
  },
  { key: "trials", label: "Trials", digits: 0, help: "Configurations that were fitted" },
];

/** Metrics of one version, or of two side by side with what lies between them. */
export function MetricTable(props: {
  versions: readonly { title: string; metrics: Metrics | null }[];
}) {
  const { versions } = props;
  const lines = METRICS.map(
    ({ key, ...rest }): Line => ({
      ...rest,
      values: versions.map(({ metrics }) => numberIn(metrics?.[key])),
    }),
  );
  const columns: TableColumn<Line>[] = [
    {
      key: "label",
      title: "metric",
      value: ({ label }) => label,
      show: ({ label, help }) => <span title={help}>{label}</span>,
    },
    ...versions.map(
      ({ title }, at): TableColumn<Line> => ({
        key: `version ${at}`,
        title,
        align: "right",
        value: ({ values }) => values[at],
        show: ({ values, digits }) => shown(values[at], digits),
      }),
    ),
    ...(versions.length === 2 ? [BETWEEN] : []),
  ];
  return <DataTable name="Metrics" columns={columns} rows={lines} rowKey={({ label }) => label} />;
}

const BETWEEN: TableColumn<Line> = {
  key: "between",
  title: "difference",
  align: "right",
  value: ({ values }) => between(values),
  show: ({ values, digits }) => {
    const difference = between(values);
    if (difference === null) return "–";
    return difference > 0 ? `+${shown(difference, digits)}` : shown(difference, digits);
  },
};

function between([left, right]: (number | null)[]): number | null {
  return left == null || right == null ? null : right - left;
}

function shown(value: number | null | undefined, digits: number): string {
  return digits === 0 ? count(value) : fixed(value, digits);
}

function numberIn(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
