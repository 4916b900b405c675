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

/** How many containers a service has. */
export function scaleOf({ model }: PlannedService): number {
  return model.scale ?? model.deploy?.replicas ?? 1;
}
