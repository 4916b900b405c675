import type { ColumnKind } from "./tables.ts";

export type Value = string | number | null;

/**
 * A value of SQLite as PostgreSQL can store it. Text there has no U+0000 and no half of a surrogate
 * pair: U+FFFD, the replacement character, takes its place. A time that is none becomes null.
 */
export function storable(value: Value, kind: ColumnKind): Value {
  if (typeof value !== "string") return value;
  if (kind === "json") return storableJson(value);
  if (kind === "time") return TIME.test(value) && isTime(value) ? value : null;
  if (kind === "date") return DATE.test(value) && isTime(value) ? value : null;
  return value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value;
}

const TIME = /^\d{4}-\d{2}-\d{2}T/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

/** A pair that is whole, else any other escape: one that is escaped itself is passed over whole. */
const ESCAPES = /\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u(....)|\\./g;
const REFUSED = /\\u(?:0000|[dD][89a-fA-F])/;

function storableJson(text: string): string {
  if (!REFUSED.test(text)) return text;
  return text.replace(ESCAPES, (whole, code: string | undefined) => {
    const unit = code === undefined ? undefined : Number.parseInt(code, 16);
    const isRefused = unit === 0 || (unit !== undefined && unit >= 0xd800 && unit <= 0xdfff);
    return isRefused ? "\\ufffd" : whole;
  });
}
