import { z } from "zod";

const number = z.number().nullable();
const series = z.array(number);
const days = z.array(z.string());
const grid = z.array(series);

/**
 * `analytics.json` of the backtest step: what a book says of itself beyond its headline numbers.
 * Shares and returns are fractions, money is in the prices' currency, days are ISO. A part that
 * does not exist is null, and `reasons` has its name and why.
 */
export const BacktestAnalytics = z.object({
  /** At most 600 points; costs are sums of daily shares of equity so far. */
  equity: z.object({
    date: days,
    equity: series,
    gross_equity: series,
    benchmark_equity: series,
    drawdown: series,
    commission: series,
    spread_cost: series,
    impact_cost: series,
    borrow_cost: series,
  }),
  /** `months` is years × 12; null where the book was not running. */
  calendar: z.object({
    year: z.array(z.int()),
    months: grid,
    total: series,
    benchmark_total: series,
  }),
  rolling_sharpe: z
    .object({ bars: z.int(), date: days, net: series, benchmark: series })
    .nullable(),
  /** `short` is negative; `turnover` is a year, by the last month. */
  exposure: z.object({ date: days, long: series, short: series, net: series, turnover: series }),
  /** Sums of daily contributions, which are not compounded. */
  attribution: z.object({
    sectors: z.array(
      z.object({
        name: z.string(),
        gross: number,
        cost: number,
        net: number,
        weight: number,
        size: number,
      }),
    ),
    years: z.array(
      z.object({ year: z.int(), gross: number, cost: number, interest: number, net: number }),
    ),
    by_year: z.object({ year: z.array(z.int()), sector: z.array(z.string()), net: grid }),
    best: z.array(z.object({ symbol: z.string(), net: number })),
    worst: z.array(z.object({ symbol: z.string(), net: number })),
  }),
  factors: z
    .object({
      alpha: number,
      alpha_t: number,
      r_squared: number,
      bars: z.int(),
      factors: z.array(
        z.object({
          name: z.string(),
          meaning: z.string(),
          beta: number,
          t: number,
          contribution: number,
        }),
      ),
    })
    .nullable(),
  /** `capacity` is the capital at which the net Sharpe ratio is half of the smallest book's. */
  capacity: z
    .object({
      capital: z.array(z.number()),
      sharpe_net: series,
      annual_return: series,
      participation: series,
      impact: z.number(),
      capacity: number,
      capacity_reason: z.string().nullable(),
      own_capital: z.number(),
    })
    .nullable(),
  /** Rows are delays in bars, columns are multiples of trading costs. */
  cost_and_delay: z
    .object({ delay: z.array(z.int()), cost: z.array(z.number()), sharpe_net: grid })
    .nullable(),
  rebalance_and_breadth: z
    .object({
      rebalance: z.array(z.int()),
      other: z.enum(["quantile", "overlap"]),
      values: z.array(z.number()),
      sharpe_net: grid,
    })
    .nullable(),
  /** Net return of the year that begins on each day. */
  start_dates: z
    .object({
      bars: z.int(),
      date: days,
      net_return: series,
      worst: z.object({ date: z.string(), net_return: z.number() }),
      best: z.object({ date: z.string(), net_return: z.number() }),
      losing: z.number(),
    })
    .nullable(),
  /** The same book with its first signal `offset` bars later. */
  offsets: z.object({ offset: z.array(z.int()), sharpe_net: series }).nullable(),
  reasons: z.record(z.string(), z.string()),
});
export type BacktestAnalytics = z.infer<typeof BacktestAnalytics>;
