import { List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { BacktestMetrics } from "../../../../../contract/artifacts.ts";
import { equityWithDrawdown, type Theme } from "../../../../../contract/figures/index.ts";
import { trpc } from "../../../../app/api.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { fixed, percent } from "../../../../parts/format.ts";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../run-tabs.tsx";
import type { Answered } from "./answered.ts";
import classes from "./tab.module.css";

type Measured = Pick<
  BacktestMetrics,
  | "sharpe_net"
  | "sharpe_gross"
  | "annual_return"
  | "annual_volatility"
  | "max_drawdown"
  | "calmar"
  | "hit_rate"
  | "turnover"
  | "annual_cost"
  | "exposure"
>;

const MEASURES: { name: string; of: (book: Measured) => string }[] = [
  { name: "Return a year", of: (book) => percent(book.annual_return) },
  { name: "Volatility a year", of: (book) => percent(book.annual_volatility) },
  { name: "Sharpe, net", of: (book) => fixed(book.sharpe_net, 2) },
  { name: "Sharpe, before costs", of: (book) => fixed(book.sharpe_gross, 2) },
  { name: "Largest drawdown", of: (book) => percent(book.max_drawdown) },
  { name: "Calmar", of: (book) => fixed(book.calmar, 2) },
  { name: "Days that gained", of: (book) => percent(book.hit_rate) },
  { name: "Turnover a year", of: (book) => `${fixed(book.turnover, 1)} ×` },
  { name: "Costs a year", of: (book) => percent(book.annual_cost, 2) },
  { name: "Mean exposure", of: (book) => percent(book.exposure, 0) },
];

/** What trading the out-of-fold predictions would have come to. */
export default function BacktestTab({ overview }: TabProps) {
  const backtest = useQuery(trpc.runs.backtest.queryOptions({ run: overview.run }));
  return (
    <Asked query={backtest} for="the backtest">
      {(found) =>
        found ? (
          <Backtest found={found} />
        ) : (
          <Empty>What this run found is no longer in the cache. Test the idea again.</Empty>
        )
      }
    </Asked>
  );
}

function Backtest({ found: { metrics, equity } }: { found: Answered<"backtest"> }) {
  const curve = useMemo(
    () => equity && ((theme: Theme) => equityWithDrawdown(equity, theme)),
    [equity],
  );
  return (
    <div className={classes.grid}>
      <Panel title="Equity and drawdown" note="out of fold, net of costs">
        {curve ? (
          <Chart
            name="equity"
            label="Net equity against equal weights, and its drawdown"
            figure={curve}
            height={330}
          />
        ) : (
          <Empty>The equity curve appears here once the run has been judged.</Empty>
        )}
      </Panel>
      <Panel title="Measures" note={`${metrics.first ?? "–"} to ${metrics.last ?? "–"}`}>
        <DataTable
          name="Measures"
          columns={measureColumns(metrics)}
          rows={MEASURES}
          rowKey={({ name }) => name}
        />
      </Panel>
      {metrics.conventions.length > 0 && (
        <div className={classes.wide}>
          <Panel title="What the backtest assumes">
            <List size="sm" c="dimmed">
              {metrics.conventions.map((line) => (
                <List.Item key={line}>
                  <Text size="sm" span>
                    {line}
                  </Text>
                </List.Item>
              ))}
            </List>
          </Panel>
        </div>
      )}
    </div>
  );
}

function measureColumns(metrics: BacktestMetrics): TableColumn<(typeof MEASURES)[number]>[] {
  const { benchmark } = metrics;
  return [
    { key: "measure", title: "Net of costs", value: ({ name }) => name },
    {
      key: "book",
      title: "Book",
      align: "right",
      value: ({ of }) => of(metrics),
      show: ({ of }) => <span className={classes.strong}>{of(metrics)}</span>,
    },
    {
      key: "benchmark",
      title: "Equal weight",
      align: "right",
      value: ({ of }) => (benchmark ? of(benchmark) : null),
    },
  ];
}
