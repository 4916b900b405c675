import { inWords } from "../words.ts";
import type { Path } from "./document-edit.ts";

/** As much of a JSON Schema as ideas use. */
type Schema = {
  type?: string;
  title?: string;
  description?: string;
  unit?: string;
  default?: unknown;
  const?: unknown;
  enum?: string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
};

/** What a person fills in for one key of an idea. */
export type Field = {
  path: Path;
  title: string;
  unit: string | null;
  description: string | null;
  /** What holds where the document says nothing. */
  fallback: unknown;
  required: boolean;
} & (
  | { kind: "text" | "long_text" | "words" | "yes_no" | "other" }
  | { kind: "number"; whole: boolean; minimum: number | null; maximum: number | null }
  | { kind: "choice" | "choices"; options: string[] }
  | { kind: "records"; fields: Field[] }
);

export type Section = { key: string; title: string; fields: Field[] };

/** Texts that may be longer than this get a box of several lines. */
const LONG_TEXT = 1000;

/** The groups of an idea with their fields, in the document's order; first what it is called. */
export function sectionsOf(schema: object): Section[] {
  const { properties = {}, required = [] } = schema as Schema;
  const about: Section = { key: "about", title: "Idea", fields: [] };
  const groups: Section[] = [];
  for (const [key, part] of Object.entries(properties)) {
    if (part.const !== undefined) continue;
    if (part.type === "object") {
      groups.push({ key, title: part.title ?? inWords(key), fields: fieldsOf(part, [key]) });
    } else about.fields.push(fieldOf(part, [key], required.includes(key)));
  }
  return [about, ...groups];
}

function fieldsOf({ properties = {}, required = [] }: Schema, above: Path): Field[] {
  return Object.entries(properties).map(([key, part]) =>
    fieldOf(part, [...above, key], required.includes(key)),
  );
}

function fieldOf(schema: Schema, path: Path, required: boolean): Field {
  const field = {
    path,
    title: schema.title ?? inWords(String(path.at(-1))),
    unit: schema.unit ?? null,
    description: schema.description ?? null,
    fallback: schema.default,
    required,
  };
  const { items } = schema;
  if (schema.type === "boolean") return { ...field, kind: "yes_no" };
  if (schema.enum) return { ...field, kind: "choice", options: schema.enum };
  if (schema.type === "integer" || schema.type === "number") {
    const { minimum = null, maximum = null } = schema;
    return { ...field, kind: "number", whole: schema.type === "integer", minimum, maximum };
  }
  if (schema.type === "array" && items?.enum) {
    return { ...field, kind: "choices", options: items.enum };
  }
  if (schema.type === "array" && items?.type === "object") {
    return { ...field, kind: "records", fields: fieldsOf(items, []) };
  }
  if (schema.type === "array" && items?.type === "string") return { ...field, kind: "words" };
  if (schema.type === "string") {
    return { ...field, kind: (schema.maxLength ?? 0) > LONG_TEXT ? "long_text" : "text" };
  }
  return { ...field, kind: "other" };
}
