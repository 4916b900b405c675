import type { BacktestAnalytics } from "../../contract/artifacts.ts";
import type { FigurePanel } from "../../contract/figures/index.ts";
import { card, chart, type Drawn, panelCard } from "./cards.ts";
import { type Html, html } from "./html.ts";
import type { ReportInput } from "./input.ts";
import { count, decimal, percent, period } from "./numbers.ts";
import { title } from "./sections.ts";
import { backtestTable } from "./tables.ts";

/** The money: what the book earned, where that came from, and what it hangs on. */
export function trading(
  { backtest, analytics, statistics }: ReportInput,
  panels: readonly FigurePanel[],
  drawn: Drawn,
): Html | false {
  if (!backtest) return false;
  const absent = Object.entries(analytics?.reasons ?? {});
  return html`${title("Backtest", "What would trading on it have earned, and what does that hang on?")}<div class="pair">${
    drawn.has("equity") &&
    card(
      { title: "Equity and drawdown", note: "out of fold, before costs and net of them" },
      chart("equity", "Equity before and after costs, benchmark and drawdown", "tall"),
    )
  }${card(
    { title: "Measures", note: period(backtest.first ?? null, backtest.last ?? null) },
    html`${backtestTable(backtest, statistics?.headline)}${backtest.warnings.map((line) => html`<div class="warning-box">${line}</div>`)}`,
  )}</div><div class="pair even">${panels.map(panelCard)}${analytics && factorCard(analytics)}</div>${
    absent.length > 0 &&
    card(
      { title: "What could not be measured" },
      html`<ul>${absent.map(([name, why]) => html`<li>${name.replaceAll("_", " ")}: ${why}</li>`)}</ul>`,
    )
  }${
    backtest.conventions.length > 0 &&
    card(
      { title: "What the backtest assumes" },
      html`<ul>${backtest.conventions.map((line) => html`<li>${line}</li>`)}</ul>`,
    )
  }`;
}

function factorCard({ factors }: BacktestAnalytics): Html | false {
  if (!factors) return false;
  return card(
    {
      title: "Known factors in numbers",
      note: `${percent(factors.r_squared, 0)} of the variance, ${count(factors.bars)} bars`,
    },
    html`<table><thead><tr><th>Factor, from this data</th><th class="n">Beta</th><th class="n">t</th><th class="n">A year</th></tr></thead>
<tbody>${factors.factors.map(
      ({ name, meaning, beta, t, contribution }) =>
        html`<tr><td class="name">${name}<div class="meaning">${meaning}</div></td><td class="n">${decimal(beta, 2)}</td><td class="n">${decimal(t, 1)}</td><td class="n">${percent(contribution)}</td></tr>`,
    )}<tr><td class="name strong">left over (alpha)</td><td class="n"></td><td class="n">${decimal(factors.alpha_t, 1)}</td><td class="n strong">${percent(factors.alpha)}</td></tr></tbody></table>`,
  );
}
