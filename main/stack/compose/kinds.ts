import { durationText } from "./durations.ts";
import { shellWords } from "./shell-words.ts";
import { bytesOf } from "./sizes.ts";
import { isMapping, type Mapping, type Path, refusal, type Tree, textOf } from "./tree.ts";

/**
 * One kind of value in the model: what a document may say in its place, and its canonical form.
 * `undefined` means that it is left out, as compose leaves out what has its zero value.
 */
export interface Kind<T> {
  read(value: Tree | undefined, path: Path): T | undefined;
}
export type KindOf<K> = K extends Kind<infer T> ? T : never;

export type StructOf<F extends Readonly<Record<string, Kind<unknown>>>> = {
  -readonly [K in keyof F]?: KindOf<F[K]>;
};

const wrong = (value: Tree, wanted: string, path: Path) =>
  refusal("bad_value", `${JSON.stringify(value)} is not ${wanted}`, { path });

const present = (value: Tree | undefined): value is Exclude<Tree, null> =>
  value !== undefined && value !== null;

/** A kind whose zero value is told apart from nothing. */
export function kept<T>(kind: Kind<T>, zero: T): Kind<T> {
  return {
    read: (value, path) => (present(value) ? (kind.read(value, path) ?? zero) : undefined),
  };
}

export const text: Kind<string> = {
  read(value, path) {
    if (!present(value) || value === "") return undefined;
    if (typeof value === "object") throw wrong(value, "text", path);
    return textOf(value);
  },
};

export const truth: Kind<boolean> = {
  read(value, path) {
    if (!present(value)) return undefined;
    if (value === "true" || value === true) return true;
    if (value === "false" || value === false) return undefined;
    throw wrong(value, "true or false", path);
  },
};

export const number: Kind<number> = {
  read(value, path) {
    if (!present(value)) return undefined;
    const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof found !== "number" || Number.isNaN(found)) throw wrong(value, "a number", path);
    return found === 0 ? undefined : found;
  },
};

/** A number that compose holds with 32 bits: written with as many digits as those need. */
export const shortNumber: Kind<number> = {
  read(value, path) {
    const found = number.read(value, path);
    if (found === undefined) return undefined;
    const held = Math.fround(found);
    for (let digits = 1; digits < 9; digits += 1) {
      const shorter = Number(held.toPrecision(digits));
      if (Math.fround(shorter) === held) return shorter;
    }
    return Number(held.toPrecision(9));
  },
};

/** A size such as `512m`, canonically the number of bytes as text. */
export const bytes: Kind<string> = {
  read(value, path) {
    if (!present(value)) return undefined;
    const found = typeof value === "number" ? value : bytesOf(textOf(value));
    if (found === undefined) throw wrong(value, "a size such as 512m", path);
    return found === 0 ? undefined : String(found);
  },
};

export const duration: Kind<string> = {
  read(value, path) {
    if (!present(value)) return undefined;
    const found = durationText(textOf(value));
    if (found === undefined) throw wrong(value, "a duration such as 1m30s", path);
    return found;
  },
};

export function listOf<T>(item: Kind<T>): Kind<T[]> {
  return {
    read(value, path) {
      if (!present(value)) return undefined;
      const items = Array.isArray(value) ? value : [value];
      if (items.length === 0) return undefined;
      return items.map((one, index) => item.read(one, [...path, String(index)]) as T);
    },
  };
}

/** Text in a list, where an empty one is kept. */
export const words: Kind<string[]> = listOf(kept(text, ""));

/** A command: one text is split into words; nothing said is null, which means the image's own. */
export const command: Kind<string[] | null> = {
  read(value, path) {
    if (!present(value)) return null;
    if (typeof value === "string") return shellWords(value);
    return Array.isArray(value) ? value.map(textOf) : (words.read(value, path) ?? null);
  },
};

export const healthTest: Kind<string[]> = {
  read(value, path) {
    if (typeof value === "string") return ["CMD-SHELL", value];
    return words.read(value, path);
  },
};

/** `KEY=VALUE` in either form; what has no value is an empty text. */
export const mapping: Kind<Record<string, string>> = {
  read: (value, path) => readPairs(value, path, "") as Record<string, string> | undefined,
};

/** As `mapping`, but a key without a value stays null: it is taken from the environment. */
export const environment: Kind<Record<string, string | null>> = {
  read: (value, path) => readPairs(value, path, null),
};

function readPairs(
  value: Tree | undefined,
  path: Path,
  missing: string | null,
): Record<string, string | null> | undefined {
  if (!present(value)) return undefined;
  const pairs: Record<string, string | null> = {};
  if (isMapping(value)) {
    for (const [key, item] of Object.entries(value)) {
      pairs[key] = item === null ? missing : textOf(item);
    }
  } else {
    for (const item of Array.isArray(value) ? value : [value]) {
      const pair = textOf(item);
      const at = pair.indexOf("=");
      pairs[at < 0 ? pair : pair.slice(0, at)] = at < 0 ? missing : pair.slice(at + 1);
    }
  }
  const keys = Object.keys(pairs).sort();
  if (keys.length === 0) return undefined;
  if (keys.includes("")) throw wrong(value, "KEY=VALUE", path);
  return Object.fromEntries(keys.map((key) => [key, pairs[key] as string | null]));
}

/** `host=address`, canonically a sorted list. */
export const hosts: Kind<string[]> = {
  read(value, path) {
    if (!present(value)) return undefined;
    const found: string[] = [];
    const add = (host: string, address: string) => {
      if (host === "" || /[:=]/.test(host)) throw wrong(host, "the name of a host", path);
      found.push(`${host}=${address.replace(/^\[(.+)\]$/, "$1")}`);
    };
    if (isMapping(value)) {
      for (const [host, item] of Object.entries(value)) {
        for (const address of Array.isArray(item) ? item : [item]) add(host, textOf(address));
      }
    } else {
      for (const item of Array.isArray(value) ? value : [value]) {
        const match = /^([^=:]*)[=:](.*)$/.exec(textOf(item));
        if (!match) throw wrong(item, "HOST=ADDRESS", path);
        for (const address of (match[2] as string).split(",")) add(match[1] as string, address);
      }
    }
    return found.length === 0 ? undefined : found.sort();
  },
};

export function mapOf<T>(item: Kind<T>): Kind<Record<string, T | null>> {
  return {
    read(value, path) {
      if (!present(value)) return undefined;
      if (!isMapping(value)) throw wrong(value, "a mapping", path);
      const keys = Object.keys(value).sort();
      if (keys.length === 0) return undefined;
      return Object.fromEntries(
        keys.map((key) => [key, item.read(value[key], [...path, key]) ?? null]),
      );
    },
  };
}

/**
 * A mapping with known keys, in the order in which docker compose writes them: its config hash is
 * over the text. A key that is not listed here is not supported, and refused.
 */
export function struct<F extends Readonly<Record<string, Kind<unknown>>>>(
  fields: F,
): Kind<StructOf<F>> & { readonly fields: F } {
  return {
    fields,
    read(value, path) {
      if (!present(value)) return undefined;
      if (!isMapping(value)) throw wrong(value, "a mapping", path);
      refuseUnknown(value, fields, path);
      const result: Record<string, unknown> = {};
      for (const [key, kind] of Object.entries(fields)) {
        const found = kind.read(value[key], [...path, key]);
        if (found !== undefined) result[key] = found;
      }
      return result as StructOf<F>;
    },
  };
}

/** Part of a struct that is written even when it is empty. */
export function always<T extends object>(kind: Kind<T>): Kind<T> {
  return { read: (value, path) => kind.read(value ?? {}, path) ?? ({} as T) };
}

function refuseUnknown(value: Mapping, fields: object, path: Path): void {
  for (const key of Object.keys(value)) {
    if (key in fields || key.startsWith("x-")) continue;
    throw refusal("unsupported", `${key} is not supported`, {
      path: [...path, key],
      hint: "Take it out, or run this file with docker compose itself.",
    });
  }
}
