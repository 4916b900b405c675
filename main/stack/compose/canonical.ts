import { createHash } from "node:crypto";
import type { Plan, ServiceModel } from "../plan.ts";

/** The plan as `docker compose config --format json` prints it. */
export function canonical(plan: Plan): Record<string, unknown> {
  const models = Object.fromEntries(
    Object.entries(plan.services).map(([name, { model }]) => [name, model]),
  );
  const sections = {
    networks: plan.networks,
    volumes: plan.volumes,
    secrets: plan.secrets,
    configs: plan.configs,
  };
  const used = Object.entries(sections).filter(([, entries]) => Object.keys(entries).length > 0);
  const whole = {
    name: plan.name,
    services: models,
    ...Object.fromEntries(used),
    ...plan.extensions,
  };
  // The output is a compose file again, in which a dollar sign is written twice.
  return JSON.parse(JSON.stringify(whole).replaceAll("$", "$$$$")) as Record<string, unknown>;
}

/** The hash by which docker compose knows whether a container still is what the file asks for. */
export function configHash(model: ServiceModel): string {
  const { build: _, pull_policy: __, scale: ___, ...rest } = model;
  const { replicas: ____, ...deploy } = rest.deploy ?? {};
  const hashed = rest.deploy ? { ...rest, deploy } : rest;
  return createHash("sha256").update(goJson(hashed)).digest("hex");
}

/** JSON as Go writes it: with what could be HTML escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
