import { execFileSync } from "node:child_process";

/** What `docker` prints; images are built by the builder that every daemon has. */
export function docker(args: string[], input?: string): string {
  return execFileSync("docker", args, {
    encoding: "utf8",
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    ...(input === undefined ? {} : { input }),
  });
}
