import { stringify } from "yaml";
import {
  baselineName,
  effectiveTold,
  type FigurePanel,
  heldOutNote,
  snoopingLines,
  snoopingNote,
} from "../../contract/figures/index.ts";
import { card, chart, type Drawn, panelCard } from "./cards.ts";
import { type Html, html } from "./html.ts";
import type { ReportInput } from "./input.ts";
import { between, count, decimal, percent, period } from "./numbers.ts";
import {
  droppedTable,
  featuresTable,
  findingsTable,
  gatesTable,
  leaderboardTable,
} from "./tables.ts";

export function heading({ result, idea, period: days }: ReportInput): Html {
  const { data } = result;
  const { target, validation, backtest } = idea;
  const chips = [
    data &&
      `${data.name} v${data.version} · ${count(data.symbols)} symbols · ${count(data.rows)} bars`,
    days && period(days.first, days.last),
    `target: ${target.kind.replaceAll("_", " ")}, ${target.horizon} bars`,
    `walk-forward, ${validation.folds} folds, ${validation.scheme} · purge ${target.horizon} · embargo ${validation.embargo}${validation.hold_out ? ` · ${validation.hold_out}s held out` : ""}`,
    `${backtest.strategy.replaceAll("_", " ")}, ${backtest.execution.replaceAll("_", " ")}, ${backtest.commission_bps} + ${backtest.slippage_bps} bps`,
  ].filter((chip) => chip !== null);
  return html`<header><div><div class="crumb">BreadthFlow report · run ${result.run} · ${result.started.slice(0, 16).replace("T", " ")} UTC</div>
<h1>${result.name}</h1><p class="lead">${idea.description}</p></div><button id="theme" type="button">Light or dark</button></header>
<div class="chips">${chips.map((chip) => html`<span class="chip">${chip}</span>`)}${hasSurvivorship(result.findings) && html`<span class="chip warn">survivorship bias</span>`}</div>`;
}

export function verdict({ result }: ReportInput): Html {
  if (result.verdict) {
    return html`<section class="verdict ${result.verdict}"><b>${result.verdict}</b><p>${reasonOf(result)}</p></section>`;
  }
  const { problem, state } = result;
  return html`<section class="verdict failed"><b>${state}</b><p>${problem ? `${problem.detail} ${problem.hint}` : "This run has no verdict."}</p></section>`;
}

/** The summary without the word that stands beside it already. */
function reasonOf({ verdict: word, summary }: ReportInput["result"]): string {
  const rest = (summary ?? "").replace(new RegExp(`^${word}[:,] `, "i"), "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The headline numbers, each with its interval where it has one. */
export function figuresInBrief(input: ReportInput): Html | false {
  const { result, statistics, backtest, verdict: notes } = input;
  const { metrics } = result;
  if (!metrics) return false;
  const ofGate = (name: string) => {
    const [lower, upper] = result.gates.find((gate) => gate.name === name)?.interval ?? [];
    return lower === undefined || upper === undefined ? null : { lower, upper };
  };
  const ahead = metrics.folds_ahead === null ? "–" : `${metrics.folds_ahead} of ${metrics.folds}`;
  const lift = result.gates.find(({ name }) => name === "lift");
  const facts: [string, string, string?][] = [
    [
      "Rank IC, out of fold",
      decimal(metrics.rank_ic),
      between(ofGate("rank_ic"), (value) => decimal(value)),
    ],
    [`${baselineName(metrics.baseline ?? "best")} baseline`, decimal(metrics.baseline_rank_ic)],
    ["Lift over it", decimal(lift?.value), between(ofGate("lift"), (value) => decimal(value))],
    [
      "ICIR",
      decimal(metrics.icir, 2),
      between(statistics?.headline.icir, (value) => decimal(value, 2)),
    ],
    ["Folds ahead", ahead],
    [
      "Return a year, net",
      percent(backtest?.annual_return),
      between(statistics?.headline.annual_return, (value) => percent(value)),
    ],
    [
      "Sharpe, net",
      decimal(metrics.sharpe_net, 2),
      between(statistics?.headline.sharpe, (value) => decimal(value, 2)),
    ],
    ["Deflated Sharpe", decimal(metrics.deflated_sharpe)],
    ["Features kept", result.features ? `${result.features.kept} of ${result.features.made}` : "–"],
    [
      "Trials on this data",
      String(notes?.trials_on_data ?? metrics.trials ?? "–"),
      effectiveTold(notes?.effective_trials),
    ],
  ];
  return html`<section class="figures" aria-label="In brief">${facts.map(([name, value, interval]) => html`<div><span>${name}</span><strong>${value}</strong>${interval && html` <small>${interval}</small>`}</div>`)}</section><p class="muted">Ranges are 95 % intervals, by a stationary block bootstrap. Out of fold means that each prediction was made by a model that had seen nothing from its day on. Past results promise nothing.</p>`;
}

export function gates({ result, idea, verdict: notes }: ReportInput): Html | false {
  if (result.gates.length === 0) return false;
  const note = `policy: ${notes?.policy ?? idea.gates.policy}`;
  return card(
    { title: "What decided it", note, long: true },
    html`<div class="scroll">${gatesTable(result.gates)}</div>${notes?.rule && html`<p class="note">${notes.rule}</p>`}`,
  );
}

export function validation(input: ReportInput, drawn: Drawn): Html | false {
  const { leaderboard, folds, idea } = input;
  const heldOut = heldOutNote(idea.validation.hold_out, folds ?? []);
  if (!leaderboard && !drawn.has("folds")) return false;
  return html`${title("Validation", "Does the model rank what it has never seen?")}${
    drawn.has("ic") &&
    card(
      { title: "Rank IC by month, out of fold", note: "model against the best baseline" },
      chart("ic", "Mean daily rank IC by month, model and baseline"),
    )
  }<div class="pair even">${[
    drawn.has("folds") &&
      card(
        { title: "Folds", note: "train · purge · embargo · test" },
        html`${chart("folds", "Training, purge, embargo and test windows of each fold", "folds")}${heldOut && html`<p class="note">${heldOut}</p>`}`,
      ),
    drawn.has("ic-folds") &&
      card(
        { title: "Rank IC by fold", note: "against every baseline" },
        chart("ic-folds", "Rank IC of the model and of each baseline in each fold", "folds"),
      ),
    drawn.has("ic-days") &&
      card(
        { title: "Rank IC of the days", note: "model against the best baseline" },
        chart("ic-days", "On how many days the rank IC was how high", "folds"),
      ),
    drawn.has("trials") &&
      card(
        { title: "Trials", note: "filled: complete, open: pruned" },
        chart("trials", "Score of each trial in order", "folds"),
      ),
  ]}</div>${
    leaderboard &&
    card(
      { title: "Leaderboard", note: "out of fold; baselines in grey" },
      html`<div class="scroll">${leaderboardTable(leaderboard)}</div>`,
    )
  }`;
}

export function luck({ statistics }: ReportInput, panels: readonly FigurePanel[]): Html | false {
  if (panels.length === 0) return false;
  const lines = snoopingLines(statistics?.snooping);
  return html`${title("Luck", "How much of this would chance alone show?")}<div class="pair even">${panels.map(panelCard)}</div>${
    lines.length > 0 &&
    card(
      { title: "Picked as the best of many", note: snoopingNote(statistics?.snooping) },
      html`<table><tbody>${lines.map(
        ({ name, value, meaning }) =>
          html`<tr><td class="name">${name}</td><td class="n strong">${value}</td><td class="meaning">${meaning}</td></tr>`,
      )}</tbody></table>`,
    )
  }`;
}

export function features({ choices, result }: ReportInput, drawn: Drawn): Html | false {
  if (!choices && !drawn.has("importance")) return false;
  const note = result.features
    ? `${result.features.made} made, ${result.features.kept} kept`
    : undefined;
  return html`${title("Features", "What does it look at?")}<div class="pair right">${
    drawn.has("importance") &&
    card(
      { title: "Importance in the final model", note: "share of the whole" },
      chart("importance", "Importance of the heaviest features", "taller"),
    )
  }${
    choices &&
    card(
      { title: "Features", ...(note && { note }), long: true },
      html`<div class="scroll">${featuresTable(choices)}</div>${droppedTable(choices)}`,
    )
  }</div>`;
}

export function data({ result, verdict: notes }: ReportInput): Html {
  const survivorship = result.findings.find(isSurvivorship);
  const quarantined = result.findings
    .filter(({ action }) => action === "quarantined")
    .reduce((sum, { rows }) => sum + rows, 0);
  const share = result.data ? quarantined / Math.max(1, result.data.rows) : 0;
  const note = `${count(result.findings.length)} findings · ${count(quarantined)} bars quarantined (${percent(share, 3)})`;
  return html`${title("Data and origin", "What does all of this rest on?")}${card(
    { title: "Data quality", note, long: true },
    html`${survivorship && html`<div class="warning-box"><strong>Survivorship bias.</strong> ${survivorship.detail}</div>`}
<div class="scroll">${findingsTable(result.findings)}</div>
${notes && notes.caveats.length > 0 && html`<h3>To keep in mind</h3><ul>${notes.caveats.map((line) => html`<li>${line}</li>`)}</ul>`}`,
  )}`;
}

export function provenance({ result, idea, keys, version }: ReportInput): Html {
  const { data, model } = result;
  return html`<div class="pair even beside">${card(
    { title: "The idea, as it was run", long: true },
    html`<pre>${stringify(idea).trimEnd()}</pre>`,
  )}${card(
    { title: "Where it comes from", note: "the same keys mean the same work, on any machine" },
    html`<dl><dt>Run</dt><dd class="mono">${result.run}</dd>
<dt>Data version</dt><dd>${data ? `${data.name} v${data.version}` : "–"}</dd>
<dt>Model</dt><dd>${model ? `${model.name} v${model.version}` : "not registered"}</dd>
<dt>BreadthFlow</dt><dd>${version}</dd>
${keys.map(({ step, key }) => html`<dt>${step}</dt><dd class="mono" title="${key}">${key.slice(0, 16)}</dd>`)}</dl>
<h3 style="margin-top:14px">Time taken</h3>
<table><tbody>${result.steps.map((step) => html`<tr><td class="name">${step.name}</td><td>${step.state}</td><td class="n">${step.cached ? "" : `${decimal(step.seconds, 1)} s`}</td></tr>`)}</tbody></table>`,
  )}</div>`;
}

/** Where a part of the report begins, and what it answers. */
export function title(name: string, question: string): Html {
  return html`<div class="part"><h2>${name}</h2><p class="muted">${question}</p></div>`;
}

function isSurvivorship({ rule }: { rule: string }): boolean {
  return rule.includes("survivorship");
}

function hasSurvivorship(findings: readonly { rule: string }[]): boolean {
  return findings.some(isSurvivorship);
}
