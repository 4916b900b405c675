import type { BacktestAnalytics } from "../../contract/artifacts.ts";
import { card, chart, type Drawn } from "./cards.ts";
import { type Html, html } from "./html.ts";
import type { ReportInput } from "./input.ts";
import { count, decimal, percent, period } from "./numbers.ts";
import { backtestTable } from "./tables.ts";

/** The money: what the book earned, where that came from, and what it hangs on. */
export function trading({ backtest, analytics }: ReportInput, drawn: Drawn): Html | false {
  if (!backtest) return false;
  return html`<div class="pair">${
    drawn.has("equity") &&
    card(
      { title: "Equity and drawdown", note: "out of fold, net of costs" },
      chart("equity", "Net equity, benchmark and drawdown", "tall"),
    )
  }${card(
    { title: "Backtest", note: period(backtest.first ?? null, backtest.last ?? null) },
    html`${backtestTable(backtest)}${backtest.warnings.map((line) => html`<div class="warning-box">${line}</div>`)}`,
  )}</div>${analytics && beneath(analytics, drawn)}${
    backtest.conventions.length > 0 &&
    card(
      { title: "What the backtest assumes" },
      html`<ul>${backtest.conventions.map((line) => html`<li>${line}</li>`)}</ul>`,
    )
  }`;
}

function beneath(analytics: BacktestAnalytics, drawn: Drawn): Html {
  const { capacity, start_dates: starts, offsets, reasons } = analytics;
  const absent = Object.entries(reasons);
  return html`${card(
    { title: "Net return by month", note: "per cent" },
    chart("months", "Net return of each month and year", "months"),
  )}<div class="pair even">${[
    card(
      { title: "Costs so far", note: "sums of daily shares of equity" },
      chart("costs", "What each kind of cost has taken so far", "folds"),
    ),
    card(
      { title: "Exposure and turnover", note: "at each close" },
      chart("exposure", "Long, short and net exposure, and turnover a year", "folds"),
    ),
    drawn.has("sectors") &&
      card(
        { title: "Where it came from", note: "sums of daily contributions" },
        chart("sectors", "Contribution of each sector before costs, and its costs"),
      ),
    factorCard(analytics),
    drawn.has("rolling") &&
      card(
        { title: "Rolling Sharpe ratio", note: `${analytics.rolling_sharpe?.bars} bars` },
        chart("rolling", "Yearly Sharpe ratio of a moving window, book and benchmark", "folds"),
      ),
    capacity &&
      card(
        {
          title: "Capacity",
          note: capacity.capacity
            ? `half the Sharpe ratio at ${count(Math.round(capacity.capacity))}`
            : (capacity.capacity_reason ?? ""),
        },
        html`${chart("capacity", "Net Sharpe ratio against capital", "folds")}<p class="note">Under the square-root law of impact with Y = ${capacity.impact}.</p>`,
      ),
    drawn.has("cost_and_delay") &&
      card(
        { title: "If trading cost more, or came later", note: "net Sharpe ratio" },
        chart("cost_and_delay", "Net Sharpe ratio by costs and delay", "folds"),
      ),
    drawn.has("breadth") &&
      card(
        { title: "Traded otherwise", note: "net Sharpe ratio; a look, not a choice" },
        chart("breadth", "Net Sharpe ratio by rebalance and breadth", "folds"),
      ),
    starts &&
      card(
        {
          title: "The year after each start",
          note: `worst ${percent(starts.worst.net_return)} from ${starts.worst.date}; ${percent(starts.losing, 0)} lost`,
        },
        html`${chart("starts", "Net return of the year that begins on each day", "folds")}${
          offsets &&
          html`<p class="note">With its first signal 0 to ${offsets.offset.length - 1} bars later, the net Sharpe ratio is between ${decimal(least(offsets.sharpe_net), 2)} and ${decimal(most(offsets.sharpe_net), 2)}.</p>`
        }`,
      ),
  ]}</div>${
    absent.length > 0 &&
    card(
      { title: "What could not be measured" },
      html`<ul>${absent.map(([name, why]) => html`<li>${name.replaceAll("_", " ")}: ${why}</li>`)}</ul>`,
    )
  }`;
}

function factorCard({ factors }: BacktestAnalytics): Html | false {
  if (!factors) return false;
  return card(
    {
      title: "What known factors explain",
      note: `${percent(factors.r_squared, 0)} of the variance, ${count(factors.bars)} bars`,
    },
    html`<table><thead><tr><th>Factor, from this data</th><th class="n">Beta</th><th class="n">t</th><th class="n">A year</th></tr></thead>
<tbody>${factors.factors.map(
      ({ name, meaning, beta, t, contribution }) =>
        html`<tr><td class="name">${name}<div class="meaning">${meaning}</div></td><td class="n">${decimal(beta, 2)}</td><td class="n">${decimal(t, 1)}</td><td class="n">${percent(contribution)}</td></tr>`,
    )}<tr><td class="name strong">left over (alpha)</td><td class="n"></td><td class="n">${decimal(factors.alpha_t, 1)}</td><td class="n strong">${percent(factors.alpha)}</td></tr></tbody></table>`,
  );
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function least(values: readonly (number | null)[]): number | null {
  return known(values).length > 0 ? Math.min(...known(values)) : null;
}

function most(values: readonly (number | null)[]): number | null {
  return known(values).length > 0 ? Math.max(...known(values)) : null;
}
