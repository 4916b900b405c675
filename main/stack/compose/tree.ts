import { WorkbenchError } from "../../../contract/problem.ts";

/** A compose document before it has a type: what YAML made of it. */
export type Tree = string | number | boolean | null | Tree[] | Mapping;
export interface Mapping {
  [key: string]: Tree;
}

/** Where something stands in a document; items of a list are `[]`, as patterns name them. */
export type Path = readonly string[];

export function isMapping(value: Tree | undefined): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `services.*.ports` matches `["services", "web", "ports"]`. */
export function matches(path: Path, pattern: string): boolean {
  const parts = pattern.split(".");
  return (
    parts.length === path.length &&
    parts.every((part, index) => part === "*" || part === path[index])
  );
}

export function spell(path: Path): string {
  return path.join(".").replaceAll(".[]", "[]");
}

/** A value as text, as compose writes numbers and truth values where it needs text. */
export function textOf(value: Tree): string {
  return value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Splits at the first separator; the second half is undefined where there is none. */
export function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** The error of every compose document that cannot be loaded: says what, and where it stands. */
export function refusal(
  code: string,
  detail: string,
  where: { path?: Path; file?: string; hint?: string } = {},
): WorkbenchError {
  const place = where.path && where.path.length > 0 ? `${spell(where.path)}: ` : "";
  return new WorkbenchError({
    code: `compose.${code}`,
    detail: `${place}${detail}`,
    hint: where.hint ?? "Change it in the compose file.",
    where: {
      ...(where.path ? { path: spell(where.path) } : {}),
      ...(where.file ? { file: where.file } : {}),
    },
  });
}
