import { createHash } from "node:crypto";
import { ContentKey } from "../../contract/ids.ts";

/**
 * Everything that decides a step's output, and nothing else: no path, no host, no time, no label.
 * The same work has the same key on every machine.
 */
export type KeyedWork = {
  readonly step: string;
  readonly version: string;
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Keys of the artifacts, or hashes of the sources, that it reads. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** Null for a step to which chance means nothing. */
  readonly seed: number | null;
};

export function contentKey(work: KeyedWork): ContentKey {
  const { step, version, code, params, inputs, seed } = work;
  return ContentKey.parse(sha256Of({ step, version, code, params, inputs, seed }));
}

/** SHA-256 in hex of a value's canonical JSON. */
export function sha256Of(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/**
 * JSON with one spelling for one value (RFC 8785): keys in code-unit order, no white space,
 * numbers as ECMAScript prints them. A key whose value is undefined is absent; whatever JSON
 * cannot say is refused rather than turned into null.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") {
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no place in canonical JSON.`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
    return `{${fields.join(",")}}`;
  }
  throw new TypeError(`A ${typeof value} has no place in canonical JSON.`);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
