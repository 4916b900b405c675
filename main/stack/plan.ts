import { WorkbenchError } from "../../contract/problem.ts";
import type {
  ConfigModel,
  NetworkModel,
  SecretModel,
  ServiceModel,
  VolumeModel,
} from "./compose/model.ts";

export type {
  Condition,
  ConfigModel,
  NetworkModel,
  SecretModel,
  ServiceModel,
  VolumeModel,
} from "./compose/model.ts";

/** One service of a plan; `model` is its canonical compose form. */
export interface PlannedService {
  readonly name: string;
  readonly model: ServiceModel;
  /** What compose files say under `x-…`: for us, `x-native`. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What compose files ask for, complete: every default filled in, every path absolute. */
export interface Plan {
  readonly name: string;
  /** The folder of the first compose file, to which relative paths are relative. */
  readonly workingDir: string;
  readonly files: readonly string[];
  readonly services: Readonly<Record<string, PlannedService>>;
  /** Services of profiles that were not asked for. */
  readonly disabled: Readonly<Record<string, PlannedService>>;
  readonly networks: Readonly<Record<string, NetworkModel>>;
  readonly volumes: Readonly<Record<string, VolumeModel>>;
  readonly secrets: Readonly<Record<string, SecretModel>>;
  readonly configs: Readonly<Record<string, ConfigModel>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** The variables that the files were read with. */
  readonly variables: Readonly<Record<string, string>>;
  /** What works, but probably not as meant: variables without a value. */
  readonly warnings: readonly string[];
}

/** Services with all that they need, each after what it needs. */
export function startOrder(plan: Plan): string[] {
  const order: string[] = [];
  const visit = (name: string): void => {
    const service = plan.services[name];
    if (!service || order.includes(name)) return;
    for (const needed of Object.keys(service.model.depends_on ?? {})) visit(needed);
    if (!order.includes(name)) order.push(name);
  };
  for (const name of Object.keys(plan.services)) visit(name);
  return order;
}

/** Services with all that they need; one that the plan has not is an error. */
export function withNeeds(plan: Plan, services: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    const service = plan.services[name];
    if (!service) throw unknownService(plan, name);
    if (found.has(name)) return;
    found.add(name);
    for (const needed of Object.keys(service.model.depends_on ?? {})) {
      if (plan.services[needed]) visit(needed);
    }
  };
  for (const name of services) visit(name);
  return [...found];
}

/** Services with all that depend on them; without names, all of the plan. */
export function withDependents(plan: Plan, services?: readonly string[]): string[] {
  const all = startOrder(plan);
  if (!services) return all;
  const found = new Set(services);
  // In start order, a dependent comes after what it depends on.
  for (const name of all) {
    const needs = Object.keys(plan.services[name]?.model.depends_on ?? {});
    if (needs.some((one) => found.has(one))) found.add(name);
  }
  return [...found];
}

/** Services that depend on one directly, those of profiles that are off included. */
export function dependentsOf(plan: Plan, name: string): string[] {
  return Object.values({ ...plan.services, ...plan.disabled })
    .filter(({ model }) => name in (model.depends_on ?? {}))
    .map((one) => one.name);
}

function unknownService(plan: Plan, name: string): WorkbenchError {
  const disabled = plan.disabled[name];
  return new WorkbenchError({
    code: "stack.unknown_service",
    detail: disabled
      ? `${name} belongs to the profile ${disabled.model.profiles?.join(" or ")}, which is off.`
      : `There is no service ${name}.`,
    hint: disabled
      ? `Add --profile ${disabled.model.profiles?.[0]}.`
      : `Services: ${Object.keys(plan.services).join(", ") || "none"}.`,
    where: { service: name },
  });
}

/** How many containers a service has. */
export function scaleOf({ model }: PlannedService): number {
  return model.scale ?? model.deploy?.replicas ?? 1;
}
