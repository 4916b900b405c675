import type { BacktestMetrics } from "../../../../../contract/artifacts.ts";
import type { Statistics } from "../../../../../contract/statistics.ts";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { fixed, percent } from "../../../../parts/format.ts";
import classes from "./tab.module.css";

type Measured = NonNullable<BacktestMetrics["benchmark"]>;
type Measure = {
  name: string;
  /** By which the judge calls it, where it measures how sure it is. */
  headline?: string;
  value: (book: Measured) => number | null | undefined;
  show: (value: number | null | undefined) => string;
};

const MEASURES: Measure[] = [
  {
    name: "Return a year",
    headline: "annual_return",
    value: (book) => book.annual_return,
    show: (value) => percent(value),
  },
  {
    name: "Volatility a year",
    headline: "annual_volatility",
    value: (book) => book.annual_volatility,
    show: (value) => percent(value),
  },
  {
    name: "Sharpe, net",
    headline: "sharpe",
    value: (book) => book.sharpe_net,
    show: (value) => fixed(value, 2),
  },
  {
    name: "Sharpe, before costs",
    value: (book) => book.sharpe_gross,
    show: (value) => fixed(value, 2),
  },
  {
    name: "Largest drawdown",
    headline: "max_drawdown",
    value: (book) => book.max_drawdown,
    show: (value) => percent(value),
  },
  {
    name: "Calmar",
    headline: "calmar",
    value: (book) => book.calmar,
    show: (value) => fixed(value, 2),
  },
  {
    name: "Days that gained",
    headline: "hit_rate",
    value: (book) => book.hit_rate,
    show: (value) => percent(value),
  },
  {
    name: "Turnover a year",
    value: (book) => book.turnover,
    show: (value) => `${fixed(value, 1)} ×`,
  },
  { name: "Costs a year", value: (book) => book.annual_cost, show: (value) => percent(value, 2) },
  { name: "Mean exposure", value: (book) => book.exposure, show: (value) => percent(value, 0) },
];

/** What a book came to, beside the equal-weight benchmark of the same symbols, days and costs. */
export function MeasuresTable(props: {
  metrics: BacktestMetrics;
  /** How sure the judge is of them; null where it has not judged. */
  headline: Statistics["headline"] | null;
}) {
  const { metrics, headline } = props;
  const { benchmark } = metrics;
  const intervalOf = ({ headline: name }: Measure) => (name ? headline?.[name] : undefined);
  const columns: TableColumn<Measure>[] = [
    { key: "measure", title: "Net of costs", value: ({ name }) => name },
    {
      key: "book",
      title: "Book",
      align: "right",
      value: ({ value }) => value(metrics),
      show: ({ value, show }) => <span className={classes.strong}>{show(value(metrics))}</span>,
    },
    {
      key: "interval",
      title: "95 % interval",
      align: "right",
      help: "Where the true value lies with a probability of 95 %, by a stationary block bootstrap",
      value: (measure) => intervalOf(measure)?.lower,
      show: (measure) => {
        const { lower = null, upper = null } = intervalOf(measure) ?? {};
        if (lower === null || upper === null) return "–";
        return `${measure.show(lower)} to ${measure.show(upper)}`;
      },
    },
    {
      key: "benchmark",
      title: "Equal weight",
      align: "right",
      value: ({ value }) => benchmark && value(benchmark),
      show: ({ value, show }) => (benchmark ? show(value(benchmark)) : "–"),
    },
  ];
  return (
    <DataTable name="Measures" columns={columns} rows={MEASURES} rowKey={({ name }) => name} />
  );
}
