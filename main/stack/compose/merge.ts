import { isMapping, type Mapping, matches, type Path, refusal, type Tree, textOf } from "./tree.ts";
import { volumeOf } from "./volumes.ts";

type Merge = (base: Tree, over: Tree, path: Path) => Tree;

/** How later files and extending services change earlier ones, where it is not the general rule. */
const SPECIAL: readonly (readonly [Merge, readonly string[]])[] = [
  [
    (base, over) => [...sequence(base), ...sequence(over)],
    [
      ...["networks.*.labels", "volumes.*.labels"],
      ...[
        ...["annotations", "build.args", "build.additional_contexts", "build.labels"],
        ...["deploy.labels", "dns", "dns_opt", "dns_search", "env_file", "environment"],
        ...["label_file", "labels", "sysctls", "tmpfs"],
      ].map((key) => `services.*.${key}`),
    ],
  ],
  [
    (_, over) => over,
    ["services.*.command", "services.*.entrypoint", "services.*.healthcheck.test"],
  ],
  [mergeHosts, ["services.*.build.extra_hosts", "services.*.extra_hosts"]],
  [(base, over, path) => mergeMappings(buildOf(base), buildOf(over), path), ["services.*.build"]],
  [mergeDependencies, ["services.*.depends_on"]],
  [mergeLogging, ["services.*.logging"]],
  [(base, over, path) => mergeMappings(named(base), named(over), path), ["services.*.networks"]],
  [(_, over) => over, ["services.*.ulimits.*"]],
  [mergeSubnets, ["networks.*.ipam.config"]],
];

/** Lays `over` onto `base`: mappings are merged, lists appended, single values replaced. */
export function merge(base: Tree, over: Tree, path: Path = []): Tree {
  const special = SPECIAL.find(([, patterns]) => patterns.some((one) => matches(path, one)));
  if (special) return special[0](base, over, path);
  if (over === null) return base;
  if (isMapping(base)) {
    if (!isMapping(over)) throw refusal("cannot_merge", "a mapping cannot be replaced", { path });
    return mergeMappings(base, over, path);
  }
  if (Array.isArray(base)) {
    if (!Array.isArray(over)) throw refusal("cannot_merge", "a list cannot be replaced", { path });
    return [...base, ...over];
  }
  return over;
}

export function mergeMappings(base: Mapping, over: Mapping, path: Path): Mapping {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] =
      before === undefined || key.startsWith("x-") ? value : merge(before, value, [...path, key]);
  }
  return merged;
}

function sequence(value: Tree): Tree[] {
  if (Array.isArray(value)) return value;
  if (!isMapping(value)) return value === null ? [] : [value];
  return Object.entries(value)
    .flatMap(([key, item]) => {
      if (item === null) return [key];
      return (Array.isArray(item) ? item : [item]).map((one) => `${key}=${textOf(one)}`);
    })
    .sort();
}

function named(value: Tree, fallback: Mapping | null = null): Mapping {
  if (isMapping(value)) return value;
  const keys = Array.isArray(value) ? value : [];
  return Object.fromEntries(keys.map((key) => [textOf(key), fallback && { ...fallback }]));
}

function buildOf(value: Tree): Mapping {
  return typeof value === "string" ? { context: value } : isMapping(value) ? value : {};
}

function mergeHosts(base: Tree, over: Tree): Tree {
  const before = sequence(base);
  return [...before, ...sequence(over).filter((host) => !before.includes(host))];
}

function mergeDependencies(base: Tree, over: Tree, path: Path): Tree {
  const usual = { condition: "service_started", required: true };
  return mergeMappings(named(base, usual), named(over, usual), path);
}

/** Options of one log driver mean nothing to another. */
function mergeLogging(base: Tree, over: Tree, path: Path): Tree {
  if (!isMapping(base) || !isMapping(over)) return over;
  const same =
    base.driver === undefined || over.driver === undefined || base.driver === over.driver;
  return same ? mergeMappings(base, over, path) : over;
}

function mergeSubnets(base: Tree, over: Tree, path: Path): Tree {
  const pools: Mapping[] = [];
  const at = (subnet: Tree | undefined) => pools.findIndex((pool) => pool.subnet === subnet);
  for (const before of Array.isArray(base) ? base : []) {
    for (const after of Array.isArray(over) ? over : []) {
      if (!isMapping(before) || !isMapping(after)) continue;
      if (after.subnet !== before.subnet && at(after.subnet) < 0) {
        pools.push(after);
        continue;
      }
      const merged = mergeMappings(before, after, path);
      const index = at(merged.subnet);
      if (index >= 0) pools[index] = merged;
      else pools.push(merged);
    }
  }
  return pools;
}

type Identify = (item: Tree, path: Path) => string;

const byKey: Identify = (item) => textOf(item).split("=")[0] as string;
const byText: Identify = (item) => textOf(item);
const byTarget =
  (folder: string): Identify =>
  (item) => {
    if (!isMapping(item)) return `${folder}/${textOf(item)}`;
    return item.target === undefined
      ? `${folder}/${textOf(item.source ?? "")}`
      : textOf(item.target);
  };
const byMountTarget: Identify = (item, path) =>
  isMapping(item) ? textOf(item.target ?? "") : volumeOf(textOf(item), path).target;
const byDevice: Identify = (item) => {
  if (isMapping(item)) return textOf(item.target ?? "");
  const parts = textOf(item).split(":");
  return (parts[1] ?? parts[0]) as string;
};
const byPort: Identify = (item) => {
  if (!isMapping(item)) return textOf(item);
  const { host_ip = "0.0.0.0", published = "", target = "", protocol = "tcp" } = item;
  return `${host_ip}:${published}:${target}/${protocol}`;
};
const byPath: Identify = (item) => textOf(isMapping(item) ? (item.path ?? "") : item);

/** Lists in which a later item takes the place of an earlier one of the same identity. */
const UNIQUE: readonly (readonly [Identify, readonly string[]])[] = [
  [
    byKey,
    [
      ...["networks.*.labels", "networks.*.ipam.options"],
      ...[
        ...["annotations", "build.args", "build.additional_contexts", "build.platform"],
        ...["build.tags", "build.labels", "cap_add", "cap_drop", "deploy.labels", "dns", "dns_opt"],
        ...["dns_search", "environment", "labels", "links", "networks.*.aliases"],
        ...["networks.*.link_local_ips", "profiles", "sysctls", "tmpfs"],
      ].map((key) => `services.*.${key}`),
    ],
  ],
  [byTarget(""), ["services.*.configs"]],
  [byTarget("/run/secrets"), ["services.*.secrets"]],
  [byMountTarget, ["services.*.volumes"]],
  [byDevice, ["services.*.devices"]],
  [byPort, ["services.*.ports"]],
  [byText, ["services.*.expose"]],
  [byPath, ["services.*.env_file"]],
];

/** Takes earlier items out of lists that a later one of the same identity replaces. */
export function withoutRedefinitions(value: Tree, path: Path = []): Tree {
  if (isMapping(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withoutRedefinitions(item, [...path, key])]),
    );
  }
  if (!Array.isArray(value)) return value;
  const identify = UNIQUE.find(([, patterns]) => patterns.some((one) => matches(path, one)))?.[0];
  if (!identify) return value;
  const items = new Map<string, Tree>();
  for (const item of value) items.set(identify(item, [...path, "[]"]), item);
  return [...items.values()];
}
