import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type ScalarTag,
} from "yaml";
import { isMapping, type Mapping, type Path, refusal, type Tree } from "./tree.ts";

/** Numbers that other compose tools read otherwise than YAML 1.2: `0644` is octal to them. */
const OCTAL: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};
const GROUPED: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?[1-9][0-9]*(_[0-9]+)+$/,
  resolve: (text) => Number(text.replaceAll("_", "")),
};
const BINARY: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^0b[01]+$/,
  resolve: (text) => Number.parseInt(text.slice(2), 2),
};
const DATE = /^\d{4}-\d\d?-\d\d?([Tt ].*)?$/;

/** One YAML document of a compose file. */
export interface ComposeDocument {
  readonly content: Mapping;
  /** What `!reset` and `!override` take away from the documents before this one. */
  readonly resets: readonly Path[];
}

export interface ComposeFile {
  readonly file: string;
  readonly documents: readonly ComposeDocument[];
  /** The line of the deepest part of a path that this file has, if it has any of it. */
  lineOf(path: Path): { line: number; depth: number } | undefined;
}

export function parseComposeFile(text: string, file: string): ComposeFile {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    version: "1.2",
    merge: true,
    lineCounter: lines,
    customTags: (tags) => [OCTAL, GROUPED, BINARY, ...tags],
    logLevel: "error",
  });
  if (!Array.isArray(parsed)) return { file, documents: [], lineOf: () => undefined };
  const documents = parsed as Document.Parsed[];
  for (const document of documents) {
    const [error] = document.errors;
    if (!error) continue;
    throw refusal("bad_yaml", `${file} is not valid YAML: ${error.message}`, { file });
  }
  return {
    file,
    documents: documents.map((document) => toTree(document, file)),
    lineOf: (path) => locate(documents, lines, path),
  };
}

function toTree(document: Document.Parsed, file: string): ComposeDocument {
  const resets: Path[] = [];
  inspect(document.contents, [], resets, document, file);
  const content = document.toJS() as Tree;
  if (!isMapping(content)) {
    throw refusal("not_a_mapping", "the top level of a compose file must be a mapping", { file });
  }
  return { content, resets };
}

/** Collects resets, takes reset nodes out, and refuses what would be read in two ways. */
function inspect(
  node: Node | null,
  path: Path,
  resets: Path[],
  document: Document,
  file: string,
): void {
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (target?.tag?.startsWith("!")) inspect(target, path, resets, document, file);
    return;
  }
  if (isMap(node)) {
    node.items = node.items.filter(({ key, value }) => {
      const name = keyOf(key, path, file);
      const next = name === "<<" ? path : [...path, name];
      const tag = (value as Node | null)?.tag;
      if (tag === "!reset" || tag === "!override") {
        resets.push(next);
        (value as Node).tag = undefined as never;
      }
      if (tag === "!reset") return false;
      inspect(value as Node | null, next, resets, document, file);
      return true;
    });
  } else if (isSeq(node)) {
    for (const item of node.items) {
      if (!isPair(item)) inspect(item as Node | null, [...path, "[]"], resets, document, file);
    }
  } else if (isScalar(node) && node.type === "PLAIN" && DATE.test(node.source ?? "")) {
    throw refusal("date", `${node.source} would be read as a date`, {
      path,
      file,
      hint: "Put it into quotes.",
    });
  }
}

function keyOf(key: unknown, path: Path, file: string): string {
  const value = isScalar(key) ? key.value : key;
  if (typeof value === "string") return value;
  // The parser may hand the merge key over as a symbol of its own.
  if (isScalar(key) && key.source === "<<") return "<<";
  throw refusal("bad_key", `the key ${String(value)} is not text`, {
    path,
    file,
    hint: "Put the key into quotes.",
  });
}

function locate(
  documents: readonly Document.Parsed[],
  lines: LineCounter,
  path: Path,
): { line: number; depth: number } | undefined {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const part = path.slice(0, depth).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    for (const document of documents) {
      const node = document.getIn(part, true) as Node | undefined;
      if (node?.range) return { line: lines.linePos(node.range[0]).line, depth };
    }
  }
  return undefined;
}
