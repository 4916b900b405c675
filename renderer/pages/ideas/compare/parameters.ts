/** One key of the ideas' documents, with what each says of it. */
export type Parameter = { path: string; values: readonly string[]; differs: boolean };

/** Names differ in any case, and say nothing about what was tested. */
const NOT_COMPARED = new Set(["breadthflow", "id", "name", "description"]);

const ABSENT = "–";

/** Every parameter of any of the documents, in the document's order. */
export function parametersOf(documents: readonly object[]): Parameter[] {
  const told = documents.map((document) => flat(document));
  const paths = new Set(told.flatMap((one) => [...one.keys()]));
  return [...paths].map((path) => {
    const values = told.map((one) => one.get(path) ?? ABSENT);
    return { path, values, differs: new Set(values).size > 1 };
  });
}

function flat(document: object): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (path === "" && NOT_COMPARED.has(key)) continue;
        walk(inner, path ? `${path}.${key}` : key);
      }
    } else if (value !== undefined) found.set(path, shown(value));
  };
  walk(document, "");
  return found;
}

function shown(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return "none";
  return value.map((one) => (typeof one === "object" ? JSON.stringify(one) : one)).join(", ");
}
