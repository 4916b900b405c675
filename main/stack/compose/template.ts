import { refusal } from "./tree.ts";

/** The value of a variable, or undefined if it is not set. */
export type Lookup = (name: string) => string | undefined;

const NAME = /^[_a-zA-Z][_a-zA-Z0-9]*/;
const OPERATOR = /^:?[-+?]/;

/**
 * Replaces `$NAME`, `${NAME}` and `${NAME:-x}` with its relatives; `$$` stands for one dollar sign.
 * `onUnset` hears of variables that have no value and no default.
 */
export function substitute(
  template: string,
  lookup: Lookup,
  onUnset: (name: string) => void = () => undefined,
): string {
  let result = "";
  for (let at = 0; at < template.length; ) {
    const dollar = template.indexOf("$", at);
    if (dollar < 0) return result + template.slice(at);
    result += template.slice(at, dollar);
    const next = template[dollar + 1];
    if (next === "$") {
      result += "$";
      at = dollar + 2;
    } else if (next === "{") {
      const end = closingBrace(template, dollar + 1);
      if (end < 0) throw malformed(template);
      const inside = template.slice(dollar + 2, end);
      result += braced(inside, template, lookup, onUnset);
      at = end + 1;
    } else {
      const name = NAME.exec(template.slice(dollar + 1))?.[0];
      if (!name) {
        // A lone dollar sign, as in a price or at the end of a pattern, is left as it is.
        result += "$";
        at = dollar + 1;
        continue;
      }
      result += valueOrEmpty(name, lookup, onUnset);
      at = dollar + 1 + name.length;
    }
  }
  return result;
}

function braced(
  inside: string,
  template: string,
  lookup: Lookup,
  onUnset: (name: string) => void,
): string {
  const name = NAME.exec(inside)?.[0];
  if (!name) throw malformed(template);
  const rest = inside.slice(name.length);
  if (rest === "") return valueOrEmpty(name, lookup, onUnset);
  const operator = OPERATOR.exec(rest)?.[0];
  if (!operator) throw malformed(template);
  // The other text is looked at even when it is not used: what it requires is required.
  const other = substitute(rest.slice(operator.length), lookup, onUnset);
  const value = lookup(name);
  const given = operator.startsWith(":")
    ? value !== undefined && value !== ""
    : value !== undefined;
  if (operator.endsWith("-")) return given ? (value as string) : other;
  if (operator.endsWith("+")) return given ? other : (value ?? "");
  if (given) return value as string;
  throw refusal(
    "variable_required",
    `the variable ${name} needs a value${other ? `: ${other}` : ""}`,
    {
      hint: `Set ${name} in the environment or in the .env file.`,
    },
  );
}

function valueOrEmpty(name: string, lookup: Lookup, onUnset: (name: string) => void): string {
  const value = lookup(name);
  if (value === undefined) onUnset(name);
  return value ?? "";
}

/** Index of the brace that closes the one at `open`. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function malformed(template: string) {
  return refusal("bad_interpolation", `${JSON.stringify(template)} is not a valid template`, {
    hint: "A dollar sign that is meant as such is written $$.",
  });
}
