import type { Regime } from "../../contract/artifacts.ts";
import { type FigurePanel, pValue, regimeName } from "../../contract/figures/index.ts";
import { type LeakTest, leakResult, leaksInBrief, leaksInOrder } from "../../contract/leak-test.ts";
import { card, panelCard } from "./cards.ts";
import { type Html, html } from "./html.ts";
import type { ReportInput } from "./input.ts";
import { count, decimal, gateNumber, percent } from "./numbers.ts";

/** The verdict on one page, for whoever reads nothing else. */
export function plainWords({ verdict }: ReportInput): Html | false {
  if (!verdict || verdict.page.length === 0) return false;
  return card(
    { title: "In plain words", long: true },
    html`<dl class="plain">${verdict.page.map(({ title, text }) => html`<dt>${title}</dt><dd>${text}</dd>`)}</dl>`,
  );
}

/** What every leak detector found, and what none could look at. */
export function leaks({ verdict }: ReportInput): Html | false {
  const tests = verdict?.leaks ?? [];
  if (tests.length === 0) return false;
  return card(
    { title: "Tests for leaks", note: leaksInBrief(tests), long: true },
    html`<div class="scroll"><table>
<thead><tr><th>What should hold</th><th></th><th class="n">Found</th><th class="n">At most</th><th>What was looked at, and where it does not hold</th></tr></thead>
<tbody>${leaksInOrder(tests).map(
      (
        test,
      ) => html`<tr><td class="name">${test.label}</td><td>${leakMark(test)}</td><td class="n strong">${gateNumber(test.evidence)}</td>
<td class="n">${gateNumber(test.limit)}</td>
<td class="meaning">${test.tested}${leakResult(test) === "found" && test.where.length > 0 && html` <strong>${test.where.join("; ")}</strong>`}</td></tr>`,
    )}</tbody></table></div>`,
  );
}

function leakMark(test: LeakTest): Html {
  const result = leakResult(test);
  const tone = { passed: "pass", found: test.decides ? "fail" : "warning", "not tested": "" };
  return html`<span class="mark ${tone[result]}">${result}</span>${!test.decides && html` <span class="muted">told only</span>`}`;
}

/** Where the idea fails: drawn, and in numbers. */
export function regimes({ verdict }: ReportInput, panels: readonly FigurePanel[]): Html | false {
  const rows = verdict?.regimes?.rows ?? [];
  if (rows.length === 0) return false;
  return html`${panels.map(panelCard)}${card(
    { title: "By state of the market", note: "95 % intervals; returns net of costs", long: true },
    html`<div class="scroll"><table>
<thead><tr><th>State</th><th class="n">Days</th><th class="n">Rank IC</th><th class="n">Lift</th><th class="n">p, adjusted</th><th class="n">Bars</th><th class="n">Return a year</th><th class="n">Sharpe, net</th></tr></thead>
<tbody>${rows.map(
      (
        row,
      ) => html`<tr><td class="name">${regimeName(row)}</td><td class="n">${count(row.days)}</td>
<td class="n">${within(row.ic, 3)}</td><td class="n">${within(row.lift, 3)}</td><td class="n">${row.adjusted_p_value == null ? "" : pValue(row.adjusted_p_value)}</td><td class="n">${count(row.bars)}</td>
<td class="n">${percent(row.annual_return)}</td><td class="n">${within(row.sharpe, 2)}</td></tr>`,
    )}</tbody></table></div>`,
  )}`;
}

function within({ value, lower, upper }: Regime["ic"], digits: number): Html {
  const known = lower != null && upper != null;
  return html`<span class="strong">${decimal(value, digits)}</span>${known && html` <span class="muted">${decimal(lower, digits)} to ${decimal(upper, digits)}</span>`}`;
}
