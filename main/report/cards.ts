import type { FigurePanel } from "../../contract/figures/index.ts";
import type { FigureId } from "./figures.ts";
import { type Html, html } from "./html.ts";

/** The figures that the page script finds something to draw for. */
export type Drawn = ReadonlySet<string>;

type Card = { title: string; note?: string; long?: boolean };

export function card({ title, note, long }: Card, content: Html): Html {
  return html`<section class="card ${long && "long"}"><div class="head"><h2>${title}</h2>${note && html`<small>${note}</small>`}</div>${content}</section>`;
}

export function chart(id: FigureId, label: string, kind = ""): Html {
  return html`<div class="chart ${kind}" id="${id}" role="img" aria-label="${label}"></div>`;
}

/** A figure with its words, or the sentence that says why there is none. */
export function panelCard({ id, title, note, label, height, wide, draw, told }: FigurePanel): Html {
  const words = told && html`<p class="${draw ? "note" : "muted"}">${told}</p>`;
  const place = html`<div class="chart" id="${id}" role="img" aria-label="${label}" style="height:${height}px"></div>`;
  return html`<section class="card ${wide && "wide"}"><div class="head"><h2>${title}</h2>${note && html`<small>${note}</small>`}</div>${draw && place}${words}</section>`;
}
