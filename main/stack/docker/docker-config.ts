import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What the docker command line is told by its user's surroundings. */
export interface DockerConfigPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The folder in which the docker command line keeps its configuration. */
export function dockerConfigFolder({ environment, home }: DockerConfigPlace): string {
  return environment.DOCKER_CONFIG ?? join(home, ".docker");
}

/** A JSON file of that folder; undefined where it is not there or cannot be read as JSON. */
export function readDockerConfig(place: DockerConfigPlace, ...path: string[]): unknown {
  try {
    return JSON.parse(readFileSync(join(dockerConfigFolder(place), ...path), "utf8"));
  } catch {
    return undefined;
  }
}

export const ownDockerConfig = (): DockerConfigPlace => ({
  environment: process.env,
  home: homedir(),
});
