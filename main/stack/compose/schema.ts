import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import { nanoseconds } from "./durations.ts";
import { type Mapping, type Path, refusal } from "./tree.ts";

const SCHEMA = join(import.meta.dirname, "compose-spec.json");

let compiled: ReturnType<Ajv["compile"]> | undefined;

/** Compiled when the first file is loaded: it takes a moment that most commands never need. */
function validator() {
  if (compiled) return compiled;
  const schema = JSON.parse(readFileSync(SCHEMA, "utf8"));
  delete schema.$schema;
  // Its subschemas in functions of their own are compiled in half the time, and once.
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, inlineRefs: false });
  const port = /^(\d+(-\d+)?)?(\/(tcp|udp|sctp))?$/;
  ajv.addFormat("duration", (text) => nanoseconds(text) !== undefined);
  ajv.addFormat("expose", (text) => port.test(text) && text !== "");
  ajv.addFormat("ports", true);
  ajv.addFormat("subnet_ip_address", true);
  compiled = ajv.compile(schema);
  return compiled;
}

/** Holds a document against the compose specification; throws what is wrong deepest inside. */
export function holdAgainstSchema(
  document: Mapping,
  place: (path: Path) => { file: string; line?: number },
): void {
  const validate = validator();
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
