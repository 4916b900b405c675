import { posix } from "node:path";
import type { Lookup } from "./template.ts";
import { cut, isMapping, type Mapping, type Tree, textOf } from "./tree.ts";

/** Writes out what a document in long form leaves to be understood. */
export function normalize(document: Mapping, project: string, lookup: Lookup): Mapping {
  const services = isMapping(document.services) ? document.services : {};
  const normalized = Object.fromEntries(
    Object.entries(services).map(([name, service]) => [
      name,
      isMapping(service) ? normalizeService(service, lookup) : service,
    ]),
  );
  const usesDefault = Object.values(normalized).some(
    (service) => isMapping(service) && isMapping(service.networks) && "default" in service.networks,
  );
  const networks = isMapping(document.networks) ? document.networks : {};
  const result: Mapping = {
    ...document,
    services: normalized,
    networks: usesDefault && !("default" in networks) ? { ...networks, default: null } : networks,
  };
  for (const section of ["networks", "volumes", "configs", "secrets"]) {
    const entries = result[section];
    if (!isMapping(entries)) continue;
    result[section] = Object.fromEntries(
      Object.entries(entries).map(([key, entry]) => {
        const own = isMapping(entry) ? entry : {};
        const name = own.name ?? (own.external === true ? key : `${project}_${key}`);
        return [key, { ...own, name }];
      }),
    );
  }
  return result;
}

function normalizeService(service: Mapping, lookup: Lookup): Mapping {
  const result = { ...service };
  if (result.network_mode === undefined) {
    const networks = result.networks;
    if (!isMapping(networks) || Object.keys(networks).length === 0) {
      result.networks = { default: null };
    }
  }
  if (result.pull_policy === "if_not_present") result.pull_policy = "missing";
  if (isMapping(result.build)) {
    const build: Mapping = { ...result.build, context: result.build.context ?? "." };
    if (build.dockerfile === undefined && build.dockerfile_inline === undefined) {
      build.dockerfile = "Dockerfile";
    }
    if (build.args !== undefined) build.args = withValues(build.args, lookup, false);
    result.build = build;
  }
  if (result.environment !== undefined) {
    result.environment = withValues(result.environment, lookup, true);
  }
  if (Array.isArray(result.volumes)) {
    result.volumes = result.volumes.map((volume) =>
      isMapping(volume) && typeof volume.target === "string"
        ? { ...volume, target: posix.normalize(volume.target).replace(/(.)\/$/, "$1") }
        : volume,
    );
  }
  const dependencies = withImplied(service);
  if (Object.keys(dependencies).length > 0) result.depends_on = dependencies;
  return result;
}

/** A service that shares something with another must come after it. */
function withImplied(service: Mapping): Mapping {
  const dependencies: Mapping = isMapping(service.depends_on) ? { ...service.depends_on } : {};
  const add = (name: string, restart: boolean) => {
    dependencies[name] ??= { condition: "service_started", restart, required: true };
  };
  for (const key of ["network_mode", "ipc", "pid", "uts", "cgroup"]) {
    const shared = service[key];
    if (typeof shared === "string" && shared.startsWith("service:")) add(shared.slice(8), true);
  }
  for (const from of Array.isArray(service.volumes_from) ? service.volumes_from : []) {
    const spec = textOf(from);
    if (!spec.startsWith("container:")) add(cut(spec, ":")[0], false);
  }
  return dependencies;
}

/** Takes the values of variables that are only named from the environment. */
function withValues(value: Tree, lookup: Lookup, keepUnset: boolean): Tree {
  if (isMapping(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]): [string, Tree] => [key, item ?? lookup(key) ?? null])
        .filter(([, item]) => item !== null || keepUnset),
    );
  }
  if (!Array.isArray(value)) return value;
  return value.flatMap((item) => {
    const pair = textOf(item);
    if (pair.includes("=")) return [pair];
    const found = lookup(pair);
    if (found !== undefined) return [`${pair}=${found}`];
    return keepUnset ? [pair] : [];
  });
}
