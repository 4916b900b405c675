import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Plan, PlannedService } from "../plan.ts";
import { holdServicesTogether } from "./consistency.ts";
import { lookupIn, readDocuments, readText, readVariables, type Variables } from "./documents.ts";
import { parseDotenv } from "./dotenv.ts";
import type { Kind } from "./kinds.ts";
import { config, network, secret, service, volume } from "./model.ts";
import { normalize } from "./normalize.ts";
import { substitute } from "./template.ts";
import { isMapping, type Mapping, refusal, type Tree, textOf } from "./tree.ts";
import { parseComposeFile } from "./yaml.ts";

export interface LoadOptions {
  /** Compose files; later ones change earlier ones. */
  readonly files: readonly string[];
  /** Profiles that are asked for; `*` asks for all. Without, `COMPOSE_PROFILES` decides. */
  readonly profiles?: readonly string[];
  /** The project's name; without, `COMPOSE_PROJECT_NAME`, the file's `name` or its folder. */
  readonly projectName?: string;
  /** Variables; those of the `.env` file beside the first file do not replace them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Loads compose files into a plan, as `docker compose` would read them, or refuses by name. */
export function loadPlan(options: LoadOptions): Plan {
  const files = options.files.map((file) => resolve(file));
  const [main] = files;
  if (!main) throw refusal("no_file", "no compose file was given", { hint: "Name one with -f." });
  const workingDir = dirname(main);
  const variables = variablesOf(options.environment, workingDir);
  const warnings = new Set<string>();
  const name = projectName(options, files, variables, workingDir);
  variables.set("COMPOSE_PROJECT_NAME", name);

  const document = readDocuments(files, workingDir, {
    variables,
    included: [],
    onUnset: (variable) => warnings.add(`The variable ${variable} is not set: it is empty.`),
  });
  const lookup = lookupIn(variables);
  const normalized = normalize(document, name, lookup);
  const all = services(normalized);
  const profiles = options.profiles ?? (variables.get("COMPOSE_PROFILES") ?? "").split(",");
  const wanted = (one: PlannedService) =>
    hasProfile(
      one,
      profiles.map((text) => text.trim()),
    );
  const enabled = all.filter(wanted);
  const disabled = byName(all.filter((one) => !wanted(one)));
  const resources = {
    networks: section(normalized, "networks", network),
    volumes: section(normalized, "volumes", volume),
    secrets: section(normalized, "secrets", secret),
    configs: section(normalized, "configs", config),
  };
  holdServicesTogether(byName(enabled), disabled, resources);
  const complete = byName(enabled.map((one) => withFiles(one, normalized, variables)));
  return {
    name,
    workingDir,
    files,
    services: complete,
    disabled,
    ...onlyNeeded(resources, complete),
    extensions: extensionsOf(normalized),
    variables: Object.fromEntries(variables),
    warnings: [...warnings],
  };
}

function variablesOf(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): Map<string, string> {
  const given = new Map(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const file = join(folder, ".env");
  const found = existsSync(file) ? readVariables([file], given) : new Map<string, string>();
  return new Map([...found, ...given]);
}

function projectName(
  options: LoadOptions,
  files: readonly string[],
  variables: Variables,
  folder: string,
): string {
  const imposed = options.projectName || variables.get("COMPOSE_PROJECT_NAME");
  if (imposed) {
    if (projectNameOf(imposed) === imposed) return imposed;
    throw refusal("bad_name", `${JSON.stringify(imposed)} cannot name a project`, {
      hint: "Use small letters, digits, - and _, starting with a letter or a digit.",
    });
  }
  let named = "";
  for (const file of files) {
    for (const { content } of parseComposeFile(readText(file), file).documents) {
      if (typeof content.name === "string") named = content.name;
    }
  }
  const name =
    projectNameOf(substitute(named, lookupIn(variables))) || projectNameOf(basename(folder));
  if (name) return name;
  throw refusal("bad_name", "no name for the project can be made from its folder", {
    hint: "Give the compose file a `name`.",
  });
}

export function projectNameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

function services(document: Mapping): PlannedService[] {
  const found = isMapping(document.services) ? document.services : {};
  return Object.keys(found)
    .sort()
    .map((name) => {
      const raw = isMapping(found[name]) ? found[name] : {};
      const { env_file: _, label_file: __, extends: ___, ...rest } = raw;
      return {
        name,
        model: service.read(rest, ["services", name]) ?? {},
        extensions: extensionsOf(raw),
      };
    });
}

/** Env files and label files become part of the service; what it says itself has the last word. */
function withFiles(
  { name, model, extensions }: PlannedService,
  document: Mapping,
  variables: Variables,
): PlannedService {
  const raw = (document.services as Mapping)[name] as Mapping;
  const environment = new Map<string, string | null>();
  for (const entry of Array.isArray(raw.env_file) ? raw.env_file : []) {
    if (!isMapping(entry)) continue;
    const path = textOf(entry.path ?? "");
    if (entry.format !== undefined) {
      throw refusal("unsupported", "format is not supported", {
        path: ["services", name, "env_file", "format"],
      });
    }
    if (entry.required === false && !existsSync(path)) continue;
    const lookup = (key: string) => environment.get(key) ?? variables.get(key);
    for (const [key, value] of parseDotenv(readText(path), path, lookup)) {
      environment.set(key, value);
    }
  }
  for (const [key, value] of Object.entries(model.environment ?? {})) environment.set(key, value);

  const labels = new Map<string, string>();
  for (const path of Array.isArray(raw.label_file) ? raw.label_file.map(textOf) : []) {
    for (const [key, value] of parseDotenv(readText(path), path, (key) => labels.get(key))) {
      labels.set(key, value);
    }
  }
  for (const [key, value] of Object.entries(model.labels ?? {})) labels.set(key, value);

  // Read again, so that the fields keep the order that the config hash depends on.
  const merged = {
    ...model,
    environment: Object.fromEntries(environment),
    labels: Object.fromEntries(labels),
  } as unknown as Mapping;
  return { name, model: service.read(merged, ["services", name]) ?? {}, extensions };
}

function section<T>(document: Mapping, key: string, kind: Kind<T>): Record<string, T> {
  const entries = isMapping(document[key]) ? document[key] : {};
  return Object.fromEntries(
    Object.keys(entries)
      .sort()
      .map((name) => [name, kind.read(entries[name], [key, name]) as T]),
  );
}

interface Sections {
  networks: Plan["networks"];
  volumes: Plan["volumes"];
  secrets: Plan["secrets"];
  configs: Plan["configs"];
}

/** Leaves out what no enabled service uses. */
function onlyNeeded(sections: Sections, enabled: Plan["services"]): Sections {
  const models = Object.values(enabled).map(({ model }) => model);
  const pick = <T>(entries: Readonly<Record<string, T>>, used: readonly (string | undefined)[]) =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => used.includes(name)));
  return {
    networks: pick(
      sections.networks,
      models.flatMap((one) => Object.keys(one.networks ?? {})),
    ),
    volumes: pick(
      sections.volumes,
      models.flatMap((one) =>
        (one.volumes ?? []).filter(({ type }) => type === "volume").map(({ source }) => source),
      ),
    ),
    secrets: pick(
      sections.secrets,
      models.flatMap((one) => sourcesOf(one.secrets)),
    ),
    configs: pick(
      sections.configs,
      models.flatMap((one) => sourcesOf(one.configs)),
    ),
  };
}

function sourcesOf(mounts: readonly { source?: string }[] | undefined): (string | undefined)[] {
  return (mounts ?? []).map(({ source }) => source);
}

function hasProfile({ model }: PlannedService, wanted: readonly string[]): boolean {
  const own = model.profiles ?? [];
  return own.length === 0 || wanted.includes("*") || own.some((one) => wanted.includes(one));
}

function byName(services: readonly PlannedService[]): Record<string, PlannedService> {
  return Object.fromEntries(services.map((one) => [one.name, one]));
}

function extensionsOf(mapping: Mapping): Record<string, Tree> {
  return Object.fromEntries(Object.entries(mapping).filter(([key]) => key.startsWith("x-")));
}
