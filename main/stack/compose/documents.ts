import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { holdTogether } from "./consistency.ts";
import { parseDotenv } from "./dotenv.ts";
import { interpolate } from "./interpolate.ts";
import { withDefaults, withLongForms } from "./long-forms.ts";
import { merge, withoutRedefinitions } from "./merge.ts";
import { absolute, withAbsolutePaths } from "./places.ts";
import { holdAgainstSchema } from "./schema.ts";
import type { Lookup } from "./template.ts";
import {
  isMapping,
  type Mapping,
  matches,
  type Path,
  refusal,
  spell,
  type Tree,
  textOf,
} from "./tree.ts";
import { type ComposeFile, parseComposeFile } from "./yaml.ts";

const SECTIONS = ["services", "volumes", "networks", "secrets", "configs"];

export type Variables = ReadonlyMap<string, string>;

interface Reading {
  readonly variables: Variables;
  readonly onUnset: (name: string) => void;
  /** Files that are being read, the first one first: none of them may be included again. */
  readonly included: readonly string[];
}

/**
 * Reads compose files that belong together, later ones changing earlier ones, with all that they
 * include and extend. The result has long forms and absolute paths only.
 */
export function readDocuments(files: readonly string[], folder: string, reading: Reading): Mapping {
  let document: Mapping = {};
  const parsed: ComposeFile[] = [];
  for (const file of files) {
    const source = parseComposeFile(readText(file), file);
    parsed.unshift(source);
    for (const { content, resets } of source.documents) {
      let own = interpolate(content, lookupIn(reading.variables), reading.onUnset, file);
      own = withExtended(own, { file, folder, reading, resets });
      document = without(document, resets);
      own = withIncluded(own, file, folder, reading);
      document = merge(document, own) as Mapping;
      document = withoutRedefinitions(document) as Mapping;
      holdAgainstSchema(document, (path) => placeOf(path, parsed));
      const { version: _, ...rest } = document;
      document = withoutRedefinitions(withLongForms(rest)) as Mapping;
    }
  }
  document = withDefaults(document);
  holdTogether(document);
  return withAbsolutePaths(withOwnEnvironment(document, reading.variables), folder);
}

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw refusal("unreadable", `${file} cannot be read: ${(error as Error).message}`, {
      file,
      hint: "Check its path.",
    });
  }
}

/** The variables of env files, each of which may use those before it. */
export function readVariables(files: readonly string[], before: Variables): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files) {
    const lookup: Lookup = (name) => before.get(name) ?? found.get(name);
    for (const [name, value] of parseDotenv(readText(file), file, lookup)) found.set(name, value);
  }
  return found;
}

/** Variables have one case on Windows, and many elsewhere. */
export function lookupIn(variables: Variables): Lookup {
  if (process.platform !== "win32") return (name) => variables.get(name);
  const lower = new Map([...variables].map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => variables.get(name) ?? lower.get(name.toLowerCase());
}

function placeOf(path: Path, files: readonly ComposeFile[]): { file: string; line?: number } {
  let best: { file: string; line: number; depth: number } | undefined;
  for (const source of files) {
    const found = source.lineOf(path);
    if (found && found.depth > (best?.depth ?? 0)) best = { file: source.file, ...found };
  }
  return best ?? { file: files[0]?.file ?? "" };
}

interface Extending {
  readonly file: string;
  readonly folder: string;
  readonly reading: Reading;
  readonly resets: readonly Path[];
  /** The way of `extends` so far, as file and service. */
  readonly way?: readonly string[];
}

function withExtended(document: Mapping, at: Extending): Mapping {
  const { services } = document;
  if (!isMapping(services)) return document;
  const extended: Mapping = { ...services };
  for (const name of Object.keys(services)) extended[name] = extend(name, extended, at);
  return { ...document, services: extended };
}

function extend(name: string, services: Mapping, at: Extending): Tree {
  const service = services[name] ?? null;
  if (!isMapping(service) || service.extends === undefined) return service;
  const path = ["services", name, "extends"];
  const given = service.extends;
  const ref = textOf(isMapping(given) ? (given.service ?? "") : given);
  const way = [...(at.way ?? []), `${at.file}: ${name}`];
  if (new Set(way).size < way.length) {
    throw refusal("extends_cycle", `services extend each other: ${way.join(" → ")}`, { path });
  }
  const from = isMapping(given) && given.file !== undefined ? textOf(given.file) : undefined;
  const source = from === undefined ? undefined : readBase(absolute(from, at.folder), at);
  const around = source?.services ?? services;
  if (!(ref in around)) {
    throw refusal("undefined", `there is no service ${ref} in ${source?.file ?? at.file}`, {
      path,
      file: at.file,
    });
  }
  const base = extend(ref, around, { ...at, ...source, way });
  if (!isMapping(base)) return withoutKey(service, "extends");
  const resets = [...at.resets, ...(source?.resets ?? [])];
  const kept = without({ services: { [name]: base } }, resets);
  const cleaned = (kept.services as Mapping)[name] ?? {};
  const merged = merge(cleaned, withoutKey(service, "extends"), ["services", name]);
  return isMapping(merged) ? withoutKey(merged, "extends") : merged;
}

function readBase(
  file: string,
  at: Extending,
): { file: string; folder: string; services: Mapping; resets: readonly Path[] } {
  const folder = dirname(file);
  let document: Mapping = {};
  const resets: Path[] = [];
  for (const one of parseComposeFile(readText(file), file).documents) {
    resets.push(...one.resets);
    const content = interpolate(
      one.content,
      lookupIn(at.reading.variables),
      at.reading.onUnset,
      file,
    );
    document = merge(document, content) as Mapping;
    document = withoutRedefinitions(withLongForms(withoutKey(document, "version"))) as Mapping;
  }
  const { services } = withAbsolutePaths(document, folder);
  if (!isMapping(services)) throw refusal("undefined", `${file} has no services`, { file });
  return { file, folder, services, resets };
}

function withIncluded(document: Mapping, file: string, folder: string, reading: Reading): Mapping {
  const { include, ...own } = document;
  if (include === undefined || include === null) return own;
  if (!Array.isArray(include)) {
    throw refusal("invalid", "must be a list", { path: ["include"], file });
  }
  const included = [...reading.included, file];
  let result: Mapping = own;
  for (const entry of include) {
    const { path, project_directory, env_file, ...more } = isMapping(entry)
      ? entry
      : { path: entry };
    const [unknown] = Object.keys(more);
    if (unknown) {
      throw refusal("unsupported", `${unknown} is not supported`, {
        path: ["include", "[]", unknown],
        file,
      });
    }
    const files = list(path).map((one) => absolute(textOf(one), folder));
    const main = files[0] ?? "";
    if (included.includes(main)) {
      throw refusal(
        "include_cycle",
        `files include each other: ${[...included, main].join(" → ")}`,
        {
          path: ["include"],
          file,
        },
      );
    }
    const place =
      project_directory === undefined ? dirname(main) : absolute(textOf(project_directory), folder);
    const envFiles =
      env_file === undefined
        ? [join(place, ".env")].filter((one) => existsSync(one) && statSync(one).isFile())
        : list(env_file).map((one) => absolute(textOf(one), folder));
    const variables = new Map([
      ...readVariables(envFiles, reading.variables),
      ...reading.variables,
    ]);
    result = imported(
      readDocuments(files, place, { ...reading, variables, included }),
      result,
      main,
    );
  }
  return result;
}

function imported(source: Mapping, target: Mapping, file: string): Mapping {
  const result = { ...target };
  for (const section of SECTIONS) {
    const from = source[section];
    if (!isMapping(from)) continue;
    const to: Mapping = isMapping(result[section]) ? { ...result[section] } : {};
    for (const [name, entry] of Object.entries(from)) {
      if (name in to && JSON.stringify(to[name]) !== JSON.stringify(entry)) {
        throw refusal("conflict", `${section}.${name} is defined here and in ${file}`, {
          path: [section, name],
          file,
          hint: "Give one of them another name.",
        });
      }
      to[name] = entry;
    }
    result[section] = to;
  }
  return result;
}

/** Variables that services only name are known here, and perhaps not where this is included. */
function withOwnEnvironment(document: Mapping, variables: Variables): Mapping {
  if (!isMapping(document.services)) return document;
  const lookup = lookupIn(variables);
  const services = Object.entries(document.services).map(([name, service]): [string, Tree] => {
    if (!isMapping(service) || !Array.isArray(service.environment)) return [name, service];
    const environment = service.environment.map((item) => {
      const key = textOf(item);
      const value = lookup(key);
      return value === undefined ? key : `${key}=${value}`;
    });
    return [name, { ...service, environment }];
  });
  return { ...document, services: Object.fromEntries(services) };
}

function without(document: Mapping, resets: readonly Path[]): Mapping {
  if (resets.length === 0) return document;
  const visit = (value: Tree, path: Path): Tree => {
    if (!isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !resets.some((reset) => matches([...path, key], spell(reset))))
        .map(([key, item]) => [key, visit(item, [...path, key])]),
    );
  };
  return visit(document, []) as Mapping;
}

function withoutKey(mapping: Mapping, key: string): Mapping {
  const { [key]: _, ...rest } = mapping;
  return rest;
}

function list(value: Tree | undefined): Tree[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
