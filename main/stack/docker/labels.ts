import { configHash } from "../compose/canonical.ts";
import type { Plan, PlannedService } from "../plan.ts";

/** Labels by which docker compose knows what is whose; ours are the same, so that each sees both. */
export const LABEL = {
  project: "com.docker.compose.project",
  service: "com.docker.compose.service",
  configHash: "com.docker.compose.config-hash",
  number: "com.docker.compose.container-number",
  volume: "com.docker.compose.volume",
  network: "com.docker.compose.network",
  workingDir: "com.docker.compose.project.working_dir",
  configFiles: "com.docker.compose.project.config_files",
  oneOff: "com.docker.compose.oneoff",
  image: "com.docker.compose.image",
  dependencies: "com.docker.compose.depends_on",
  version: "com.docker.compose.version",
  builder: "com.docker.compose.image.builder",
  replaces: "com.docker.compose.replace",
} as const;

/** On images that we build, and on no others: what they were built for, without its tag. */
export const OWN_IMAGE = "com.breadthflow.image";

/** An image's name without its tag. */
export function repositoryOf(image: string): string {
  return image.replace(/:[^:/]+$/, "");
}

/** The compose version whose labels and hashes these are. */
const COMPOSE_VERSION = "2.26.1";

export function containerLabels(
  plan: Plan,
  service: PlannedService,
  options: { number: number; imageId: string; replaces?: string },
): Record<string, string> {
  const { model } = service;
  return {
    ...model.labels,
    [LABEL.project]: plan.name,
    [LABEL.service]: service.name,
    [LABEL.version]: COMPOSE_VERSION,
    [LABEL.workingDir]: plan.workingDir,
    [LABEL.configFiles]: plan.files.join(","),
    [LABEL.oneOff]: "False",
    [LABEL.image]: options.imageId,
    [LABEL.configHash]: configHash(model),
    [LABEL.number]: String(options.number),
    [LABEL.dependencies]: Object.entries(model.depends_on ?? {})
      .map(([name, needed]) => `${name}:${needed?.condition}:${Boolean(needed?.restart)}`)
      .join(","),
    ...(options.replaces ? { [LABEL.replaces]: options.replaces } : {}),
  };
}

export function resourceLabels(
  plan: Plan,
  kind: "network" | "volume",
  key: string,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...own,
    [LABEL[kind]]: key,
    [LABEL.project]: plan.name,
    [LABEL.version]: COMPOSE_VERSION,
  };
}

/** The API's filter for what belongs to a project. */
export function ofProject(project: string): { label: string[] } {
  return { label: [`${LABEL.project}=${project}`] };
}
