import { Document, isCollection, isMap, isSeq, parseDocument } from "yaml";

export type Path = readonly (string | number)[];

/** As people write YAML: `[a, b]`, and lines that fit a screen. */
const STYLE = { lineWidth: 100, flowCollectionPadding: false } as const;

/**
 * The same text with another value at a path; comments and order stay. `undefined` takes the field
 * out, and with it a group that it leaves empty.
 *
 * @returns the text as it was where it is not YAML: there is nothing to point a path at
 */
export function withField(yaml: string, path: Path, value: unknown): string {
  const parsed = parseDocument(yaml);
  if (parsed.errors.length > 0) return yaml;
  const document = isMap(parsed.contents) ? parsed : new Document({});
  if (value === undefined) remove(document, path);
  else document.setIn(path, isPlain(value) ? value : node(document, path, value));
  return document.toString(STYLE);
}

const isPlain = (value: unknown) => typeof value !== "object" || value === null;

/** Lists of words stay on one line, as people write them; a list keeps the style that it had. */
function node(document: Document, path: Path, value: unknown) {
  const before = document.getIn(path, true);
  const made = document.createNode(value);
  if (isSeq(made)) {
    made.flow = isSeq(before)
      ? (before.flow ?? false) || before.items.length === 0
      : made.items.every((item) => !isCollection(item));
    if (made.items.some(isCollection)) made.flow = false;
  }
  return made;
}

function remove(document: Document, path: Path): void {
  document.deleteIn(path);
  const group = path.slice(0, -1);
  if (group.length === 0) return;
  const left = document.getIn(group, true);
  if (isMap(left) && left.items.length === 0) remove(document, group);
}
