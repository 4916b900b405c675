import type { FigureId } from "./figures.ts";
import { type Html, html } from "./html.ts";

/** The figures that the page script finds something to draw for. */
export type Drawn = ReadonlySet<FigureId>;

type Card = { title: string; note?: string; long?: boolean };

export function card({ title, note, long }: Card, content: Html): Html {
  return html`<section class="card ${long && "long"}"><div class="head"><h2>${title}</h2>${note && html`<small>${note}</small>`}</div>${content}</section>`;
}

export function chart(id: FigureId, label: string, kind = ""): Html {
  return html`<div class="chart ${kind}" id="${id}" role="img" aria-label="${label}"></div>`;
}
