import { BacktestAnalytics } from "../../../contract/artifacts.ts";

/** What the backtest step says of a small book, without factors. */
export function analytics(): BacktestAnalytics {
  const date = ["2016-01-04", "2016-01-05", "2016-01-06"];
  const some = [0.1, 0.2, 0.3];
  return BacktestAnalytics.parse({
    equity: {
      date,
      equity: [1, 1.01, 1.02],
      gross_equity: [1, 1.02, 1.03],
      benchmark_equity: [1, 1, 1.01],
      drawdown: [0, 0, 0],
      commission: [0, 0.001, 0.002],
      spread_cost: [0, 0.001, 0.003],
      impact_cost: [0, 0, 0],
      borrow_cost: [0, 0, 0],
    },
    calendar: {
      year: [2016],
      months: [[0.02, ...Array(11).fill(null)]],
      total: [0.02],
      benchmark_total: [0.01],
    },
    rolling_sharpe: { bars: 126, date, net: some, benchmark: some },
    exposure: { date, long: some, short: [-0.1, -0.2, -0.3], net: [0, 0, 0], turnover: some },
    attribution: {
      sectors: [
        { name: "Energy", gross: 0.01, cost: 0.004, net: 0.006, weight: 0, size: 0.4 },
        { name: "Utilities", gross: 0.03, cost: 0.001, net: 0.029, weight: 0, size: 0.6 },
      ],
      years: [{ year: 2016, gross: 0.04, cost: 0.005, interest: 0, net: 0.035 }],
      by_year: { year: [2016], sector: ["Energy", "Utilities"], net: [[0.006, 0.029]] },
      best: [{ symbol: "NEE", net: 0.02 }],
      worst: [{ symbol: "XOM", net: -0.01 }],
    },
    factors: null,
    capacity: {
      capital: [1e5, 1e6, 1e7],
      sharpe_net: [1, 0.8, 0.2],
      annual_return: [0.1, 0.08, 0.02],
      participation: [0.001, 0.01, 0.1],
      impact: 1,
      capacity: 400_000,
      capacity_reason: null,
      own_capital: 1_000_000,
    },
    cost_and_delay: {
      delay: [0, 1],
      cost: [0, 1],
      sharpe_net: [
        [1, 0.5],
        [0.4, null],
      ],
    },
    rebalance_and_breadth: {
      rebalance: [1, 5],
      other: "quantile",
      values: [0.1, 0.2],
      sharpe_net: [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
    },
    start_dates: {
      bars: 252,
      date,
      net_return: [0.1, -0.05, 0.02],
      worst: { date: "2016-01-05", net_return: -0.05 },
      best: { date: "2016-01-04", net_return: 0.1 },
      losing: 1 / 3,
    },
    offsets: { offset: [0, 1], sharpe_net: [0.5, 0.3] },
    reasons: { factors: "21 bars have all factors, 63 are the least" },
  });
}
