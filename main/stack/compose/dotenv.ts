import { type Lookup, substitute } from "./template.ts";
import { refusal } from "./tree.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/**
 * The variables of a `.env` file, in the dialect of docker compose: comments, `export`, quotes,
 * values over several lines, and variables in values that are not in single quotes.
 */
export function parseDotenv(text: string, file: string, lookup: Lookup): Map<string, string> {
  const variables = new Map<string, string>();
  const known: Lookup = (name) => lookup(name) ?? variables.get(name);
  let rest = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const line = () => text.slice(0, text.length - rest.length).split("\n").length;
  const fail = (what: string) =>
    refusal("bad_env_file", `${file}, line ${line()}: ${what}`, { file });

  for (;;) {
    rest = rest.replace(/^(\s+|#[^\n]*)+/, "");
    if (rest === "") return variables;
    const start = /^(?:export\s+)?([^=:\n]*)([=:\n]|$)/.exec(rest);
    const key = start?.[1]?.trimEnd() ?? "";
    if (!start || !/^[\p{L}\p{N}_.\-[\]]+$/u.test(key)) {
      throw fail(`${JSON.stringify(key)} cannot name a variable`);
    }
    rest = rest.slice(start[0].length);
    if (start[2] !== "=" && start[2] !== ":") {
      const inherited = lookup(key);
      if (inherited !== undefined) variables.set(key, inherited);
      continue;
    }
    rest = rest.replace(/^[^\S\n]+/, "");
    const quote = rest[0];
    if (quote === '"' || quote === "'") {
      const quoted = readQuoted(rest, quote);
      if (!quoted) throw fail("a quote is not closed");
      rest = rest.slice(quoted.length);
      variables.set(key, quote === "'" ? quoted.value : substitute(unescaped(quoted.value), known));
    } else {
      const end = rest.indexOf("\n");
      const raw = end < 0 ? rest : rest.slice(0, end);
      rest = end < 0 ? "" : rest.slice(end + 1);
      variables.set(key, substitute((raw.split(" #")[0] as string).trimEnd(), known));
    }
  }
}

function readQuoted(text: string, quote: string): { value: string; length: number } | undefined {
  let value = "";
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === quote) return { value, length: at + 1 };
    if (character === "\\" && at + 1 < text.length) {
      at += 1;
      // Of the escapes, only that of the quote itself is undone here.
      value += text[at] === quote ? quote : `\\${text[at]}`;
    } else value += character;
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:([abcfnrtv"\\])|(\$)|0(\d{0,3}))/g, (whole, letter, dollar, octal) => {
    if (dollar) return "$$";
    if (letter) return ESCAPES[letter] ?? whole;
    return octal.length === 3 ? String.fromCharCode(Number.parseInt(octal, 8)) : whole;
  });
}
