import { inflateSync } from "node:zlib";

/** What one page of a PDF draws: how many pieces of text, and how many paths. */
export type PdfPage = { texts: number; paths: number };

/**
 * The pages of a PDF as Chromium writes it, in order: each has one content stream, deflated, and
 * what it draws may stand in form objects that it names.
 */
export function pagesOf(pdf: Buffer): PdfPage[] {
  const source = pdf.toString("latin1");
  const objects = new Map(
    [...source.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id, text]) => [
      Number(id),
      String(text),
    ]),
  );
  const drawn = (id: number, seen = new Set<number>()): string => {
    const text = objects.get(id) ?? "";
    if (seen.has(id)) return "";
    seen.add(id);
    const forms = [...text.matchAll(/\/X\d+ (\d+) 0 R/g)].map(([, form]) => Number(form));
    return [contentOf(text), ...forms.map((form) => drawn(form, seen))].join("\n");
  };
  return [...objects.values()]
    .filter((text) => /\/Type \/Page\b/.test(text))
    .map((text) => {
      const content = [...text.matchAll(/\/Contents (\d+) 0 R|\/X\d+ (\d+) 0 R/g)]
        .map(([, content, form]) => drawn(Number(content ?? form)))
        .join("\n");
      return { texts: count(content, /\bT[jJ]\b/g), paths: count(content, /\b(?:l|c|re)\n/g) };
    });
}

/** The stream of an object, unpacked where it is packed; empty where it has none. */
function contentOf(object: string): string {
  const [head = "", rest] = object.split(/\nstream\r?\n|>> ?stream\r?\n/, 2);
  if (rest === undefined) return "";
  const bytes = Buffer.from(rest.slice(0, rest.lastIndexOf("endstream")), "latin1");
  return head.includes("/FlateDecode") ? inflateSync(bytes).toString("latin1") : rest;
}

const count = (text: string, what: RegExp) => [...text.matchAll(what)].length;
