import { createRequire } from "node:module";
import type { ErrorObject } from "ajv";
import { type Mapping, type Path, refusal } from "./tree.ts";

/** Whether a document keeps to the specification; `errors` are those of the last call. */
const validate = createRequire(import.meta.url)("./generated/compose-spec.cjs") as {
  (document: Mapping): boolean;
  errors?: ErrorObject[] | null;
};

/** Holds a document against the compose specification; throws what is wrong deepest inside. */
export function holdAgainstSchema(
  document: Mapping,
  place: (path: Path) => { file: string; line?: number },
): void {
  if (validate(document)) return;
  const error = mostSpecific(validate.errors ?? []);
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const unknown = error.params.additionalProperty as string | undefined;
  const full = unknown === undefined ? path : [...path, unknown];
  const { file, line } = place(full);
  const at = line === undefined ? file : `${file}:${line}`;
  throw refusal(
    unknown === undefined ? "invalid" : "unsupported",
    unknown === undefined
      ? `${wordsOf(error)} (${at})`
      : `${unknown} is not a key of the compose specification (${at})`,
    { path: full, file, hint: "Compare it with the Compose Specification." },
  );
}

/** Alternatives complain all at once: the complaint that lies deepest is about what was meant. */
function mostSpecific(errors: readonly ErrorObject[]): ErrorObject {
  const depth = (error: ErrorObject) => error.instancePath.split("/").length;
  const rank = (error: ErrorObject) =>
    depth(error) * 10 +
    (error.keyword === "additionalProperties" ? 2 : 0) +
    (["oneOf", "anyOf", "type"].includes(error.keyword) ? 0 : 1);
  return errors.reduce((best, error) => (rank(error) > rank(best) ? error : best));
}

function wordsOf(error: ErrorObject): string {
  const value = JSON.stringify(error.data);
  return `${value !== undefined && value.length < 80 ? `${value} ` : ""}${error.message}`;
}
