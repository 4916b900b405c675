import { isMap, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { Idea } from "../../contract/idea.ts";
import { WorkbenchError } from "../../contract/problem.ts";

const MAX_BYTES = 256 * 1024;

/**
 * Reads an `idea.yaml`.
 *
 * Every fault names its line and its field, and all faults of a document are told at once, because
 * people mend a document in one sitting.
 */
export function parseIdea(text: string, file = "idea.yaml"): Idea {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw fault(file, `is larger than ${MAX_BYTES / 1024} kB`, "An idea is a page of YAML.");
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw fault(file, `is not YAML at line ${line}, column ${col}: ${broken.message}`, HINT, {
      line,
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw fault(file, `cannot be expanded: ${(error as Error).message}`, HINT);
  }
  const parsed = Idea.safeParse(value);
  if (parsed.success) return parsed.data;

  const faults = parsed.error.issues
    .flatMap((issue) => faultsOf(issue))
    .map(({ path, text }) => {
      const line = lineOf(document.contents, path, lines);
      return `${line ? `line ${line}, ` : ""}${path.join(".") || "document"}: ${text}`;
    });
  throw fault(file, `is not a valid idea. ${faults.join("; ")}.`, HINT, {
    fields: parsed.error.issues.map((issue) => issue.path.join(".")),
  });
}

const HINT =
  "`breadthflow ideas new volatility` prints a valid idea, and `breadthflow ideas templates --json` the schema that an editor can check against.";

function fault(file: string, detail: string, hint: string, where: Record<string, unknown> = {}) {
  return new WorkbenchError({
    code: "idea.invalid",
    detail: `${file} ${detail}`,
    hint,
    where: { file, ...where },
  });
}

type Place = { path: PropertyKey[]; text: string };

function faultsOf(issue: z.core.$ZodIssue): Place[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...issue.path, key], text: "is not a known key" }));
  }
  return [{ path: issue.path, text: issue.message.replace(/^Invalid input: /, "") }];
}

/** The line of the key at a path, or of its nearest parent that is there. */
function lineOf(root: unknown, path: PropertyKey[], lines: LineCounter): number | null {
  let node = root;
  let offset: number | null = null;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && item.key.value === part,
      );
      if (!pair || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (typeof part === "number" && node && typeof node === "object" && "items" in node) {
      node = (node as { items: unknown[] }).items[part];
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      offset = range?.[0] ?? offset;
    } else break;
  }
  return offset === null ? null : lines.linePos(offset).line;
}
