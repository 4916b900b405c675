import { List } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { BacktestAnalytics } from "../../../../../contract/artifacts.ts";
import {
  costAndDelay,
  costsSoFar,
  equityWithDrawdown,
  exposureWithTurnover,
  monthlyReturns,
  rollingSharpe,
  type Theme,
} from "../../../../../contract/figures/index.ts";
import { trpc } from "../../../../app/api.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../run-tabs.tsx";
import type { Answered } from "./answered.ts";
import { Gone } from "./gone.tsx";
import { MeasuresTable } from "./measures-table.tsx";
import classes from "./tab.module.css";

/** What trading the out-of-fold predictions would have come to. */
export default function BacktestTab({ overview }: TabProps) {
  const backtest = useQuery(trpc.runs.backtest.queryOptions({ run: overview.run }));
  return (
    <Asked query={backtest} for="the backtest">
      {(found) => (found ? <Backtest found={found} /> : <Gone />)}
    </Asked>
  );
}

function Backtest({ found: { metrics, analytics } }: { found: Answered<"backtest"> }) {
  const equity = useMemo(
    () => analytics && ((theme: Theme) => equityWithDrawdown(analytics.equity, theme)),
    [analytics],
  );
  return (
    <div className={classes.stack}>
      <div className={classes.grid}>
        <Panel title="Equity and drawdown" note="out of fold, net of costs">
          {equity ? (
            <Chart
              name="equity"
              label="Net equity against equal weights, and its drawdown"
              figure={equity}
              height={316}
            />
          ) : (
            <Empty>This run was made before its curves were kept. Test the idea again.</Empty>
          )}
        </Panel>
        <Panel title="Measures" note={`${metrics.first ?? "–"} to ${metrics.last ?? "–"}`}>
          <MeasuresTable metrics={metrics} />
        </Panel>
      </div>
      {analytics && <Curves analytics={analytics} />}
      {metrics.conventions.length > 0 && (
        <Panel title="What the backtest assumes">
          <List size="sm" c="dimmed">
            {metrics.conventions.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        </Panel>
      )}
    </div>
  );
}

const HEIGHT = 250;

function Curves({ analytics }: { analytics: BacktestAnalytics }) {
  const { calendar, reasons } = analytics;
  const figures = useMemo(() => {
    const { equity, exposure, rolling_sharpe, cost_and_delay } = analytics;
    return {
      months: (theme: Theme) => monthlyReturns(analytics.calendar, theme),
      exposure: (theme: Theme) => exposureWithTurnover(exposure, theme),
      costs: (theme: Theme) => costsSoFar(equity, theme),
      rolling: rolling_sharpe && ((theme: Theme) => rollingSharpe(rolling_sharpe, theme)),
      thread: cost_and_delay && ((theme: Theme) => costAndDelay(cost_and_delay, theme)),
    };
  }, [analytics]);
  return (
    <>
      <Panel title="Net return by month" note="per cent">
        <Chart
          name="monthly-returns"
          label="Net return of each month and year"
          figure={figures.months}
          height={36 + calendar.year.length * 26}
        />
      </Panel>
      <div className={`${classes.grid} ${classes.even}`}>
        <Panel title="Exposure and turnover" note="at each close">
          <Chart
            name="exposure-and-turnover"
            label="Long, short and net exposure, and turnover a year"
            figure={figures.exposure}
            height={HEIGHT}
          />
        </Panel>
        <Panel title="Costs so far" note="sums of daily shares of equity">
          <Chart
            name="costs"
            label="What each kind of cost has taken so far"
            figure={figures.costs}
            height={HEIGHT}
          />
        </Panel>
        <Panel
          title="Rolling Sharpe ratio"
          note={analytics.rolling_sharpe && `${analytics.rolling_sharpe.bars} bars`}
        >
          {figures.rolling ? (
            <Chart
              name="rolling-sharpe"
              label="Yearly Sharpe ratio of a moving window, book and benchmark"
              figure={figures.rolling}
              height={HEIGHT}
            />
          ) : (
            <Absent why={reasons.rolling_sharpe} />
          )}
        </Panel>
        <Panel title="If trading cost more, or came later" note="net Sharpe ratio">
          {figures.thread ? (
            <Chart
              name="cost-and-delay"
              label="Net Sharpe ratio by multiples of the costs and bars of delay"
              figure={figures.thread}
              height={HEIGHT}
            />
          ) : (
            <Absent why={reasons.cost_and_delay} />
          )}
        </Panel>
      </div>
    </>
  );
}

/** A number that does not exist says why, rather than being wrong. */
function Absent({ why }: { why: string | undefined }) {
  return <Empty>There is nothing to draw here: {why ?? "the backtest left no such series"}.</Empty>;
}
