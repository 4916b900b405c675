import { isCollection, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { Idea } from "./idea.ts";
import { MAX_IDEA_CHARACTERS } from "./idea-limits.ts";

/** Where an `idea.yaml` is not right, and why. */
export type Fault = {
  /** Keys from the document's top to the field; empty where it is about the whole document. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** From 1; null where there is no place to point at. */
  readonly line: number | null;
};

type Reading<T> = {
  /** What the text says, valid or not; undefined where it cannot be read at all. */
  readonly value: unknown;
  /** Null where there is any fault. */
  readonly document: T | null;
  readonly faults: readonly Fault[];
};

export type IdeaReading = Omit<Reading<Idea>, "document"> & { readonly idea: Idea | null };

/** Aliases that a document may expand to before it is taken for an attack on memory. */
const MAX_ALIASES = 100;

/**
 * Reads an `idea.yaml`.
 *
 * All faults of a document are told at once, each with its field and its line, because people mend
 * a document in one sitting.
 */
export function readIdea(text: string): IdeaReading {
  const { document, ...rest } = readDocument(text, Idea, contradictions);
  return { ...rest, idea: document };
}

/**
 * Reads a YAML document of any kind.
 *
 * @param together what its fields may not say together.
 */
export function readDocument<T>(
  text: string,
  schema: z.ZodType<T>,
  together: (document: T) => Place[] = () => [],
): Reading<T> {
  if (text.length > MAX_IDEA_CHARACTERS) {
    return unreadable(`is larger than ${MAX_IDEA_CHARACTERS / 1024} kB`, null);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) {
    return unreadable(`is not YAML: ${broken.message}`, lines.linePos(broken.pos[0]).line);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return unreadable(`cannot be expanded: ${(error as Error).message}`, null);
  }
  const parsed = schema.safeParse(value);
  const faults = parsed.success
    ? together(parsed.data)
    : parsed.error.issues.flatMap((issue) => faultsOf(issue, value));
  return {
    value,
    document: parsed.success && faults.length === 0 ? parsed.data : null,
    faults: faults.map((fault) => ({
      ...fault,
      line: lineOf(document.contents, fault.path, lines),
    })),
  };
}

/** Faults in one sentence each, for an error's detail. */
export function faultsTold(faults: readonly Fault[]): string {
  const told = faults.map(({ path, message, line }) =>
    [
      line === null ? "" : `line ${line}, `,
      path.join("."),
      path.length > 0 ? " " : "",
      message,
    ].join(""),
  );
  return told.join("; ");
}

type Place = Pick<Fault, "path" | "message">;

function unreadable(message: string, line: number | null): Reading<never> {
  return { value: undefined, document: null, faults: [{ path: [], message, line }] };
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown): Place[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], message: "is not a known key" }));
  }
  if (valueAt(value, path) == null && path.length > 0 && issue.code !== "custom") {
    return [{ path, message: "is missing" }];
  }
  return [{ path, message: sentence(issue) }];
}

/** What a document says at a path; undefined where it says nothing. */
export function valueAt(value: unknown, path: Fault["path"]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (inner as Record<string | number, unknown> | null | undefined)?.[part],
    value,
  );
}

/** What a field must be, in words that go on from the field's name. */
function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_big" && issue.origin === "string") {
    return `must have at most ${issue.maximum} characters`;
  }
  if (issue.code === "too_big" && issue.origin === "array") {
    return `must have at most ${issue.maximum} entries`;
  }
  if (issue.code === "too_small" && issue.origin === "string") {
    return Number(issue.minimum) === 1
      ? "must not be empty"
      : `must have at least ${issue.minimum} characters`;
  }
  if (issue.code === "too_small" && issue.origin === "array") return "needs at least one entry";
  if (issue.code === "too_big" || issue.code === "too_small") {
    const [most, bound] = issue.code === "too_big" ? [true, issue.maximum] : [false, issue.minimum];
    const words = issue.inclusive ? (most ? "at most" : "at least") : most ? "below" : "above";
    return `must be ${words} ${bound}`;
  }
  if (issue.code === "invalid_value") return `must be ${orList(issue.values)}`;
  if (issue.code === "invalid_type") return `must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_format" && issue.message.startsWith("Invalid")) {
    return `must match ${"pattern" in issue ? issue.pattern : issue.format}`;
  }
  return issue.message;
}

const KINDS: Partial<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of keys",
};

function orList(values: readonly unknown[]): string {
  const words = values.map(String);
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${last}` : last;
}

/** What each field may say, but not together. */
function contradictions(idea: Idea): Place[] {
  const places: Place[] = [];
  const { strategy } = idea.backtest;
  if (strategy === "inverse_volatility" && idea.target.kind !== "log_realised_volatility") {
    places.push({
      path: ["backtest", "strategy"],
      message: "sizes by predicted volatility, so target.kind must be log_realised_volatility",
    });
  }
  const { from, to } = idea.universe;
  if (from && to && from > to) {
    places.push({ path: ["universe", "to"], message: `must not be before ${from}` });
  }
  return places;
}

/** The line at which a text speaks of a field, or of the nearest group around it. */
export function lineOfField(text: string, path: Fault["path"]): number | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return lineOf(document.contents, path, lines);
}

/** The line of the key at a path, or of its nearest parent that is there. */
function lineOf(root: unknown, path: Fault["path"], lines: LineCounter): number | null {
  let node = root;
  let offset: number | null = null;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part);
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isCollection(node) && typeof part === "number") {
      node = node.items[part];
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      offset = range?.[0] ?? offset;
    } else break;
  }
  return offset === null ? null : lines.linePos(offset).line;
}
