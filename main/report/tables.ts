import { baselineName } from "../../contract/figures/index.ts";
import { gateResult } from "../../contract/gate-result.ts";
import { gateNeeds } from "../../contract/gate-sense.ts";
import type { Gate, RunFinding } from "../../contract/run.ts";
import type { Statistics } from "../../contract/statistics.ts";
import { type Html, html } from "./html.ts";
import type { ReportInput } from "./input.ts";
import { between, count, decimal, gateNumber, percent, period } from "./numbers.ts";

export function gatesTable(gates: Gate[]): Html {
  return html`<table class="gates">
<thead><tr><th>Gate</th><th class="n">Value</th><th class="n">95 % interval</th><th class="n">Needs</th><th></th><th>Meaning, and what would change it</th></tr></thead>
<tbody>${gates.map(
    (
      gate,
    ) => html`<tr><td class="name">${gate.label}</td><td class="n strong">${gateNumber(gate.value)}</td>
<td class="n muted">${gate.interval ? `${gateNumber(gate.interval[0])} to ${gateNumber(gate.interval[1])}` : ""}</td>
<td class="n">${gateNeeds(gate, gateNumber)}</td>
<td>${gateMark(gate)}</td>
<td class="meaning">${gate.meaning}${gate.would_change && html` <em>${gate.would_change}</em>`}</td></tr>`,
  )}</tbody></table>`;
}

/** What did not decide is told without colour, and says so. */
function gateMark(gate: Gate): Html {
  const word = gateResult(gate);
  if (gate.decides !== false) return html`<span class="mark ${word}">${word}</span>`;
  return html`<span class="mark">${word}</span> <span class="muted">told only</span>`;
}

type FindingGroup = {
  rule: string;
  severity: RunFinding["severity"];
  action: RunFinding["action"];
  findings: RunFinding[];
};

const SEVERITIES = ["error", "warning", "info"] as const;

/** Findings of one rule that were treated alike, the grave ones first. */
export function groupFindings(findings: RunFinding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const finding of findings) {
    const { rule, severity, action } = finding;
    const key = [rule, severity, action].join(" ");
    const group = groups.get(key) ?? { rule, severity, action, findings: [] };
    group.findings.push(finding);
    groups.set(key, group);
  }
  const rank = (group: FindingGroup) => SEVERITIES.indexOf(group.severity);
  return [...groups.values()].sort(
    (a, b) => rank(a) - rank(b) || b.findings.length - a.findings.length,
  );
}

const SYMBOLS_SHOWN = 6;

export function findingsTable(findings: RunFinding[]): Html {
  if (findings.length === 0) return html`<p class="muted">The checks found nothing to tell.</p>`;
  return html`<table>
<thead><tr><th>Finding</th><th></th><th class="n">Count</th><th class="n">Bars</th><th>Done</th><th>When</th><th>Where</th><th>For example</th></tr></thead>
<tbody>${groupFindings(findings).map((group) => {
    const days = group.findings.flatMap(({ from, to }) => [from, to]).filter((day) => day !== null);
    const symbols = [...new Set(group.findings.map(({ symbol }) => symbol).filter(Boolean))];
    const more =
      symbols.length > SYMBOLS_SHOWN ? ` and ${symbols.length - SYMBOLS_SHOWN} more` : "";
    days.sort();
    return html`<tr><td class="name">${group.rule.replaceAll("_", " ")}</td>
<td><span class="mark ${group.severity}">${group.severity}</span></td>
<td class="n strong">${count(group.findings.length)}</td>
<td class="n">${count(group.findings.reduce((sum, { rows }) => sum + rows, 0))}</td>
<td>${group.action}</td><td class="day">${period(days[0] ?? null, days.at(-1) ?? null)}</td>
<td>${symbols.slice(0, SYMBOLS_SHOWN).join(", ") + more}</td>
<td class="meaning">${group.findings[0]?.detail}</td></tr>`;
  })}</tbody></table>`;
}

const TRIALS_SHOWN = 10;

export function leaderboardTable(board: NonNullable<ReportInput["leaderboard"]>): Html {
  const models = board.filter(({ kind }) => kind !== "baseline");
  const shown = [
    ...models.slice(0, TRIALS_SHOWN),
    ...board.filter(({ kind }) => kind === "baseline"),
  ];
  const rest = models.length - TRIALS_SHOWN;
  return html`<table>
<thead><tr><th>Model</th><th>Engine</th><th class="n">Rank IC</th><th class="n">ICIR</th><th class="n">RMSE</th><th class="n">Fit</th></tr></thead>
<tbody>${shown.map(
    (
      entry,
      at,
    ) => html`<tr class="${entry.kind}"><td class="name">${leaderName(entry)}</td><td>${entry.engine.replaceAll("_", " ")}</td>
<td class="n ${at === 0 && "strong"}">${decimal(entry.rank_ic, 4)}</td><td class="n">${decimal(entry.icir, 2)}</td>
<td class="n">${decimal(entry.rmse, 4)}</td><td class="n">${entry.fit_seconds ? `${decimal(entry.fit_seconds, 1)} s` : ""}</td></tr>`,
  )}</tbody></table>
${rest > 0 && html`<p class="note">${rest === 1 ? "1 more configuration was" : `${count(rest)} more configurations were`} tried and ${rest === 1 ? "is" : "are"} counted; the ledger has them all.</p>`}`;
}

/** As people write it: HAR baseline, elastic net #13. */
function leaderName({ kind, name }: { kind: string; name: string }): string {
  return kind === "baseline" ? `${baselineName(name)} baseline` : name.replaceAll("_", " ");
}

const FEATURES_SHOWN = 13;

/** The kept features with the best scores, and how many were dropped for what. */
export function featuresTable(choices: NonNullable<ReportInput["choices"]>): Html {
  const kept = choices.features
    .filter((feature) => feature.kept)
    .sort((a, b) => Math.abs(b.score ?? 0) - Math.abs(a.score ?? 0));
  return html`<table>
<thead><tr><th>Kept feature</th><th class="n">Score</th><th class="n">Stability</th><th>Why</th></tr></thead>
<tbody>${kept.slice(0, FEATURES_SHOWN).map(
    (
      feature,
    ) => html`<tr><td class="name mono">${feature.name}</td><td class="n">${decimal(feature.score, 4)}</td>
<td class="n">${percent(feature.stability, 0)}</td><td class="meaning">${feature.reason}</td></tr>`,
  )}</tbody></table>
${kept.length > FEATURES_SHOWN && html`<p class="note">${kept.length - FEATURES_SHOWN === 1 ? "1 more was" : `${count(kept.length - FEATURES_SHOWN)} more were`} kept.</p>`}`;
}

export function droppedTable(choices: NonNullable<ReportInput["choices"]>): Html {
  const dropped = choices.features.filter(({ kept }) => !kept);
  return html`<details><summary>${dropped.length === 1 ? "1 feature was" : `${count(dropped.length)} features were`} dropped, and why</summary>
<table><thead><tr><th>Feature</th><th class="n">Score</th><th class="n">Stability</th><th>Why</th></tr></thead>
<tbody>${dropped.map(
    (
      feature,
    ) => html`<tr><td class="name mono">${feature.name}</td><td class="n">${decimal(feature.score, 4)}</td>
<td class="n">${percent(feature.stability, 0)}</td><td class="meaning">${feature.reason}</td></tr>`,
  )}</tbody></table></details>`;
}

/** @param headline the intervals of the book's numbers, by name */
export function backtestTable(
  backtest: NonNullable<ReportInput["backtest"]>,
  headline: Statistics["headline"] = {},
): Html {
  const { benchmark } = backtest;
  type Line = [string, (of: NonNullable<typeof benchmark>) => string, string?];
  const within = (name: string, show: (value: number) => string) => between(headline[name], show);
  const fixed = (value: number) => decimal(value, 2);
  const share = (value: number) => percent(value);
  const lines: Line[] = [
    ["Return a year", (of) => percent(of.annual_return), within("annual_return", share)],
    [
      "Volatility a year",
      (of) => percent(of.annual_volatility),
      within("annual_volatility", share),
    ],
    ["Sharpe, net", (of) => decimal(of.sharpe_net, 2), within("sharpe", fixed)],
    ["Largest drawdown", (of) => percent(of.max_drawdown), within("max_drawdown", share)],
    ["Calmar", (of) => decimal(of.calmar, 2), within("calmar", fixed)],
    ["Days that gained", (of) => percent(of.hit_rate), within("hit_rate", share)],
    ["Sharpe, before costs", (of) => decimal(of.sharpe_gross, 2)],
    ["Costs a year", (of) => percent(of.annual_cost, 2)],
    ["Turnover a year", (of) => `${decimal(of.turnover, 1)} ×`],
    ["Mean exposure", (of) => percent(of.exposure, 0)],
  ];
  return html`<table>
<thead><tr><th>Net of costs</th><th class="n">Book</th><th class="n">95 % interval</th><th class="n">Equal weight</th></tr></thead>
<tbody>${lines.map(
    ([
      name,
      of,
      interval,
    ]) => html`<tr><td class="name">${name}</td><td class="n strong">${of(backtest)}</td><td class="n muted">${interval}</td>
<td class="n">${benchmark ? of(benchmark) : "–"}</td></tr>`,
  )}</tbody></table>`;
}
