import { portsOf } from "./ports.ts";
import {
  cut,
  isMapping,
  type Mapping,
  matches,
  type Path,
  refusal,
  type Tree,
  textOf,
} from "./tree.ts";
import { volumeOf } from "./volumes.ts";

type Change = (value: Tree, path: Path) => Tree;

const TO_LONG: readonly (readonly [string, Change])[] = [
  ["services.*.build", (value) => (typeof value === "string" ? { context: value } : value)],
  ["services.*.build.secrets.*", fileMount],
  ["services.*.build.additional_contexts", keyValues],
  ["services.*.build.ssh", sshKeys],
  ["services.*.depends_on", dependencies],
  ["services.*.env_file", envFiles],
  ["services.*.label_file", list],
  ["services.*.dns", (value) => listWithout(value)],
  ["services.*.extends", (value) => (typeof value === "string" ? { service: value } : value)],
  ["services.*.gpus", (value) => (typeof value === "string" ? [{ count: "all" }] : value)],
  ["services.*.networks", networks],
  ["services.*.volumes.*", (value, path) => (isMapping(value) ? value : mount(value, path))],
  ["services.*.devices.*", device],
  ["services.*.secrets.*", fileMount],
  ["services.*.configs.*", fileMount],
  ["services.*.ports", ports],
  ["volumes.*", external],
  ["networks.*", external],
  ["secrets.*", external],
  ["configs.*", external],
];

const DEFAULTS: readonly (readonly [string, (value: Mapping) => Mapping])[] = [
  ["services.*.build", (build) => ({ context: ".", ...build })],
  [
    "services.*.secrets.*",
    (secret) => ({
      ...secret,
      target: secret.target ?? `/run/secrets/${textOf(secret.source ?? "")}`,
    }),
  ],
  ["services.*.ports.*", (port) => ({ protocol: "tcp", mode: "ingress", ...port })],
  ["services.*.deploy.resources.reservations.devices.*", allDevices],
  ["services.*.gpus.*", allDevices],
];

/** Writes every short form of a document as its long form. */
export function withLongForms(document: Mapping): Mapping {
  return walk(document, [], (value, path) => {
    const change = TO_LONG.find(([pattern]) => matches(path, pattern))?.[1];
    return change ? change(value, path) : value;
  }) as Mapping;
}

/** Adds what compose adds where nothing is said. */
export function withDefaults(document: Mapping): Mapping {
  return walk(document, [], (value, path) => {
    const add = DEFAULTS.find(([pattern]) => matches(path, pattern))?.[1];
    return add && isMapping(value) ? add(value) : value;
  }) as Mapping;
}

export function walk(value: Tree, path: Path, change: Change): Tree {
  const changed = change(value, path);
  if (Array.isArray(changed)) return changed.map((item) => walk(item, [...path, "[]"], change));
  if (!isMapping(changed)) return changed;
  return Object.fromEntries(
    Object.entries(changed).map(([key, item]) => [key, walk(item, [...path, key], change)]),
  );
}

function list(value: Tree): Tree {
  return Array.isArray(value) ? value : [value];
}

function listWithout(value: Tree): Tree {
  return (Array.isArray(value) ? value : [value]).filter((item) => item !== null && item !== "");
}

function fileMount(value: Tree): Tree {
  return isMapping(value) ? value : { source: value };
}

function mount(value: Tree, path: Path): Tree {
  return volumeOf(textOf(value), path) as unknown as Mapping;
}

function keyValues(value: Tree, path: Path): Tree {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(
    value.map((item) => {
      const [key, rest] = cut(textOf(item), "=");
      if (rest === undefined) {
        throw refusal("bad_value", `${JSON.stringify(item)} is not KEY=VALUE`, { path });
      }
      return [key, rest];
    }),
  );
}

function sshKeys(value: Tree): Tree {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(
    value.map((item) => {
      const [id, path] = cut(textOf(item), "=");
      return [id, path ?? null];
    }),
  );
}

function dependencies(value: Tree, path: Path): Tree {
  if (Array.isArray(value)) {
    const usual = { condition: "service_started", required: true };
    return Object.fromEntries(value.map((name) => [textOf(name), { ...usual }]));
  }
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => {
      if (!isMapping(given)) {
        throw refusal("bad_value", "must be a mapping", { path: [...path, name] });
      }
      return [name, { condition: "service_started", required: true, ...given }];
    }),
  );
}

function envFiles(value: Tree): Tree {
  return (Array.isArray(value) ? value : [value]).map((item) =>
    isMapping(item) ? { ...item, required: item.required ?? true } : { path: item, required: true },
  );
}

function networks(value: Tree): Tree {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(value.map((name) => [textOf(name), null]));
}

function device(value: Tree, path: Path): Tree {
  if (typeof value !== "string") return value;
  const [source = "", target, permissions = "rwm", ...more] = value.split(":");
  if (more.length > 0) {
    throw refusal("bad_value", `${JSON.stringify(value)} is not a device`, {
      path,
      hint: "Use the long form: source, target, permissions.",
    });
  }
  return { source, target: target || source, permissions };
}

function ports(value: Tree, path: Path): Tree {
  if (!Array.isArray(value)) return value;
  return value.flatMap((item) =>
    isMapping(item) ? [item] : (portsOf(textOf(item), path) as unknown as Mapping[]),
  );
}

function external(value: Tree, path: Path): Tree {
  if (!isMapping(value) || !isMapping(value.external)) return value;
  const { name } = value.external;
  if (name !== undefined && value.name !== undefined && name !== value.name) {
    throw refusal("conflict", "name and external.name differ: use name only", { path });
  }
  return { ...value, external: true, ...(name === undefined ? {} : { name }) };
}

function allDevices(device: Mapping): Mapping {
  const chosen = device.count !== undefined || device.device_ids !== undefined;
  return chosen ? device : { ...device, count: "all" };
}
