import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Drawn } from "./cards.ts";
import { reportFigures, reportPanels } from "./figures.ts";
import { Html, html, scriptJson } from "./html.ts";
import type { ReportInput } from "./input.ts";
import { ledger } from "./ledger.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import * as sections from "./sections.ts";
import { STYLE } from "./style.ts";
import { trading } from "./trading.ts";
import { leaks, plainWords, regimes } from "./verdict.ts";

/**
 * A run as one HTML file that opens anywhere: no network, no neighbouring files. Its content
 * security policy lets the two scripts run that it was made with, and nothing else.
 */
export function buildReport(input: ReportInput): string {
  const panels = reportPanels(input);
  const figures = {
    light: reportFigures(input, panels, "light"),
    dark: reportFigures(input, panels, "dark"),
  };
  const drawn: Drawn = new Set(Object.keys(figures.light));
  const plotly = plotlySource();
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    `script-src ${[plotly, PAGE_SCRIPT].map(sourceHash).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="BreadthFlow Workbench ${input.version}">
<title>${input.result.name} · ${input.result.verdict ?? input.result.state}</title>
<style>${new Html(STYLE)}</style></head>
<body><main>
${sections.heading(input)}
${sections.verdict(input)}
${sections.figuresInBrief(input)}
${plainWords(input)}
${sections.gates(input)}
${leaks(input)}
${regimes(input, panels.regimes)}
${sections.validation(input, drawn)}
${sections.luck(input, panels.luck)}
${trading(input, panels.book, drawn)}
${sections.features(input, drawn)}
${sections.data(input)}
${ledger(input)}
${sections.provenance(input)}
<noscript><p class="muted">The charts need JavaScript; every number is in the tables.</p></noscript>
</main>
<script type="application/json" id="figures">${new Html(scriptJson(figures))}</script>
<script>${new Html(plotly)}</script>
<script>${new Html(PAGE_SCRIPT)}</script>
</body></html>
`.text;
}

function plotlySource(): string {
  const file = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");
  return readFileSync(file, "utf8");
}

function sourceHash(source: string): string {
  return `'sha256-${createHash("sha256").update(source).digest("base64")}'`;
}
