import type { PlannedService } from "../plan.ts";
import type { SecretModel } from "./model.ts";
import { isMapping, type Mapping, type Path, refusal } from "./tree.ts";

/** What the schema cannot say about a document in its long form. */
export function holdTogether(document: Mapping): void {
  const each = (section: string, check: (entry: Mapping, path: Path) => void) => {
    const entries = document[section];
    if (!isMapping(entries)) return;
    for (const [name, entry] of Object.entries(entries)) {
      if (isMapping(entry)) check(entry, [section, name]);
    }
  };
  each("volumes", (volume, path) => {
    if (volume.external !== true) return;
    for (const key of Object.keys(volume)) {
      if (key === "name" || key === "external" || key.startsWith("x-")) continue;
      throw refusal("conflict", `external and ${key} exclude each other`, { path });
    }
  });
  each("secrets", (secret, path) => oneSource(secret, ["file", "environment"], path));
  each("configs", (config, path) => oneSource(config, ["file", "environment", "content"], path));
}

function oneSource(entry: Mapping, keys: readonly string[], path: Path): void {
  const given = keys.filter((key) => entry[key] !== undefined);
  if (given.length > 1) {
    throw refusal("conflict", `${given.join(" and ")} exclude each other`, { path });
  }
  if (given.length === 0 && entry.driver === undefined && entry.external === undefined) {
    throw refusal("incomplete", `one of ${keys.join(", ")} is needed`, { path });
  }
}

export interface Resources {
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, SecretModel>>;
  readonly configs: Readonly<Record<string, unknown>>;
}

/** Whether the services name only what exists, and do not contradict themselves. */
export function holdServicesTogether(
  services: Readonly<Record<string, PlannedService>>,
  disabled: Readonly<Record<string, PlannedService>>,
  resources: Resources,
): void {
  const containerNames = new Map<string, string>();
  for (const { name, model } of Object.values(services)) {
    const path = ["services", name];
    const undefinedReference = (kind: string, key: string) =>
      refusal("undefined", `there is no ${kind} ${key}`, { path });

    if (!model.build && !model.image) {
      throw refusal("incomplete", "a service needs an image or a build", { path });
    }
    if (model.build?.dockerfile && model.build.dockerfile_inline) {
      throw refusal("conflict", "dockerfile and dockerfile_inline exclude each other", { path });
    }
    if (model.network_mode && Object.keys(model.networks ?? {}).length > 0) {
      throw refusal("conflict", "network_mode and networks exclude each other", { path });
    }
    for (const network of Object.keys(model.networks ?? {})) {
      if (!(network in resources.networks)) throw undefinedReference("network", network);
    }
    const test = model.healthcheck?.test?.[0];
    if (test !== undefined && !["CMD", "CMD-SHELL", "NONE"].includes(test)) {
      throw refusal("invalid", "must start with CMD, CMD-SHELL or NONE", {
        path: [...path, "healthcheck", "test"],
      });
    }
    for (const [needed, dependency] of Object.entries(model.depends_on ?? {})) {
      if (needed in services) continue;
      if (needed in disabled && !dependency?.required) continue;
      throw refusal(
        "undefined",
        needed in disabled
          ? `depends on ${needed}, whose profile is not asked for`
          : `depends on ${needed}, which does not exist`,
        { path: [...path, "depends_on"], hint: "Name a service of this file, or add its profile." },
      );
    }
    for (const mount of model.volumes ?? []) {
      if (mount.type !== "volume" || !mount.source || mount.source in resources.volumes) continue;
      throw undefinedReference("volume", mount.source);
    }
    for (const { source = "" } of model.configs ?? []) {
      if (!(source in resources.configs)) throw undefinedReference("config", source);
    }
    for (const { source = "" } of model.secrets ?? []) {
      if (!(source in resources.secrets)) throw undefinedReference("secret", source);
    }
    holdLimitsTogether(model, path);
    if (model.container_name) {
      const other = containerNames.get(model.container_name);
      if (other) {
        throw refusal("conflict", `${other} has the same container_name`, { path });
      }
      containerNames.set(model.container_name, name);
      if ((model.scale ?? model.deploy?.replicas ?? 1) > 1) {
        throw refusal("conflict", "container_name allows one container only", { path });
      }
    }
  }
  refuseCycles(services);
}

function holdLimitsTogether(model: PlannedService["model"], path: Path): void {
  const { limits, reservations } = model.deploy?.resources ?? {};
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["scale and deploy.replicas", model.scale, model.deploy?.replicas],
    ["cpus and deploy.resources.limits.cpus", model.cpus, limits && (limits.cpus ?? 0)],
    [
      "mem_limit and deploy.resources.limits.memory",
      model.mem_limit,
      limits && (limits.memory ?? "0"),
    ],
    [
      "mem_reservation and deploy.resources.reservations.memory",
      model.mem_reservation,
      reservations && (reservations.memory ?? "0"),
    ],
    ["pids_limit and deploy.resources.limits.pids", model.pids_limit, limits && (limits.pids ?? 0)],
  ];
  for (const [names, own, deployed] of pairs) {
    if (own === undefined || deployed === undefined || own === deployed) continue;
    throw refusal("conflict", `${names} say different things`, { path });
  }
}

function refuseCycles(services: Readonly<Record<string, PlannedService>>): void {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    if (way.includes(name)) {
      const circle = [...way.slice(way.indexOf(name)), name];
      throw refusal("dependency_cycle", `services depend on each other: ${circle.join(" → ")}`, {
        path: ["services", name, "depends_on"],
        hint: "Take one of these dependencies away.",
      });
    }
    if (done.has(name)) return;
    for (const needed of Object.keys(services[name]?.model.depends_on ?? {})) {
      visit(needed, [...way, name]);
    }
    done.add(name);
  };
  for (const name of Object.keys(services)) visit(name, []);
}
