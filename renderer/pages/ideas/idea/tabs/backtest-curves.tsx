import { useMemo } from "react";
import type { BacktestAnalytics } from "../../../../../contract/artifacts.ts";
import {
  capacityCurve,
  costAndDelay,
  costsSoFar,
  exposureWithTurnover,
  type Figure,
  monthlyReturns,
  rebalanceAndBreadth,
  rollingSharpe,
  sectorAttribution,
  type Theme,
  yearFromEachStart,
} from "../../../../../contract/figures/index.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { count, percent } from "../../../../parts/format.ts";
import { Panel } from "../../../../parts/panel.tsx";
import classes from "./tab.module.css";

const HEIGHT = 250;

type Curve = {
  /** Of the file that it is saved as. */
  name: string;
  title: string;
  note: string;
  label: string;
  /** Null where there is nothing to draw; `why` says so. */
  figure: ((theme: Theme) => Figure) | null;
  why?: string | undefined;
};

/** Where the book's return came from, and what it hangs on; the report has the same. */
export function BacktestCurves({ analytics }: { analytics: BacktestAnalytics }) {
  const curves = useMemo(() => curvesOf(analytics), [analytics]);
  const months = useMemo(
    () => (theme: Theme) => monthlyReturns(analytics.calendar, theme),
    [analytics],
  );
  return (
    <>
      <Panel title="Net return by month" note="per cent">
        <Chart
          name="monthly-returns"
          label="Net return of each month and year"
          figure={months}
          height={36 + analytics.calendar.year.length * 26}
        />
      </Panel>
      <div className={`${classes.grid} ${classes.even}`}>
        {curves.map(({ name, title, note, label, figure, why }) => (
          <Panel key={name} title={title} note={note}>
            {figure ? (
              <Chart name={name} label={label} figure={figure} height={HEIGHT} />
            ) : (
              <Empty>
                There is nothing to draw here: {why ?? "the backtest left no such series"}.
              </Empty>
            )}
          </Panel>
        ))}
      </div>
    </>
  );
}

function curvesOf(analytics: BacktestAnalytics): Curve[] {
  const { rolling_sharpe, cost_and_delay, capacity, rebalance_and_breadth, start_dates } =
    analytics;
  const { reasons, attribution } = analytics;
  return [
    {
      name: "exposure-and-turnover",
      title: "Exposure and turnover",
      note: "at each close",
      label: "Long, short and net exposure, and turnover a year",
      figure: (theme) => exposureWithTurnover(analytics.exposure, theme),
    },
    {
      name: "costs",
      title: "Costs so far",
      note: "sums of daily shares of equity",
      label: "What each kind of cost has taken so far",
      figure: (theme) => costsSoFar(analytics.equity, theme),
    },
    {
      name: "rolling-sharpe",
      title: "Rolling Sharpe ratio",
      note: rolling_sharpe ? `${rolling_sharpe.bars} bars` : "",
      label: "Yearly Sharpe ratio of a moving window, book and benchmark",
      figure: rolling_sharpe && ((theme) => rollingSharpe(rolling_sharpe, theme)),
      why: reasons.rolling_sharpe,
    },
    {
      name: "sectors",
      title: "Where it came from",
      note: "sums of daily contributions",
      label: "Contribution of each sector before costs, and its costs",
      figure:
        attribution.sectors.length > 0
          ? (theme) => sectorAttribution(attribution.sectors, theme)
          : null,
      why: "the data names no sectors",
    },
    {
      name: "cost-and-delay",
      title: "If trading cost more, or came later",
      note: "net Sharpe ratio",
      label: "Net Sharpe ratio by multiples of the costs and bars of delay",
      figure: cost_and_delay && ((theme) => costAndDelay(cost_and_delay, theme)),
      why: reasons.cost_and_delay,
    },
    {
      name: "rebalance-and-breadth",
      title: "Traded otherwise",
      note: "net Sharpe ratio; a look, not a choice",
      label: "Net Sharpe ratio by rebalance and breadth",
      figure:
        rebalance_and_breadth && ((theme) => rebalanceAndBreadth(rebalance_and_breadth, theme)),
      why: reasons.rebalance_and_breadth,
    },
    {
      name: "capacity",
      title: "Capacity",
      note: capacity?.capacity
        ? `half the Sharpe ratio at ${count(Math.round(capacity.capacity))}`
        : (capacity?.capacity_reason ?? ""),
      label: "Net Sharpe ratio against capital",
      figure: capacity && ((theme) => capacityCurve(capacity, theme)),
      why: reasons.capacity,
    },
    {
      name: "start-dates",
      title: "The year after each start",
      note: start_dates ? `${percent(start_dates.losing, 0)} lost` : "",
      label: "Net return of the year that begins on each day",
      figure: start_dates && ((theme) => yearFromEachStart(start_dates, theme)),
      why: reasons.start_dates,
    },
  ];
}
