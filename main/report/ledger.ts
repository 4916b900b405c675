import { type LedgerLine, ledgerCsv } from "../../contract/ledger.ts";
import { card } from "./cards.ts";
import { type Html, html } from "./html.ts";
import type { ReportInput } from "./input.ts";
import { count, decimal } from "./numbers.ts";

const STATES = ["complete", "pruned", "failed", "cancelled"] as const;

/** Lines that a report carries; beyond it the file would be slow to open. */
const MOST_LINES = 5000;

/** All that was ever fitted on the data set, and the ledger itself to take away. */
export function ledger({ ledger: lines, idea }: ReportInput): Html | false {
  if (lines.length === 0) return false;
  const data = idea.universe.data;
  const ideas = [...Map.groupBy(lines, (line) => line.idea)].sort(
    (a, b) => b[1].length - a[1].length,
  );
  // The newest: the older ones have been in the reports before.
  const carried = lines.slice(-MOST_LINES);
  const left = lines.length - carried.length;
  const which = left > 0 ? `the newest ${count(carried.length)} of them` : "all of them";
  return card(
    {
      title: "The ledger of trials",
      note: `${count(lines.length)} configurations fitted on ${data} when this was written`,
    },
    html`<div class="scroll"><table>
<thead><tr><th>Idea</th><th class="n">Trials</th>${STATES.map((state) => html`<th class="n">${state}</th>`)}<th class="n">Best score</th></tr></thead>
<tbody>${ideas.map(
      ([
        name,
        own,
      ]) => html`<tr><td class="name">${name}</td><td class="n strong">${count(own.length)}</td>
${STATES.map((state) => html`<td class="n">${count(own.filter(({ trial }) => trial.state === state).length)}</td>`)}
<td class="n">${decimal(best(own), 4)}</td></tr>`,
    )}</tbody></table></div>
<p class="note"><a download="trials-${data}.csv" href="data:text/csv;base64,${Buffer.from(ledgerCsv(carried)).toString("base64")}">Download ${which} as CSV</a>.${
      left > 0 &&
      ` The table counts all, but the file leaves out ${count(left)} older ones: the command \`data ledger ${data}\`, or Save as CSV on the data set's page, has them.`
    } Failed, pruned and cancelled trials count, also those on the same bars under another name, and none is ever taken out.</p>`,
  );
}

function best(lines: readonly LedgerLine[]): number | null {
  const scores = lines.flatMap(({ trial }) => trial.score ?? []);
  return scores.length > 0 ? Math.max(...scores) : null;
}
