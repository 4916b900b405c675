import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  type DockerConfigPlace,
  dockerConfigFolder,
  ownDockerConfig,
  readDockerConfig,
} from "./docker-config.ts";

/** One place at which a daemon may answer, and why it is tried. */
export interface Endpoint {
  /** `unix://…`, `npipe://…`, `tcp://…` or `ssh://…`. */
  readonly address: string;
  readonly from: string;
  /** A folder with `ca.pem`, `cert.pem` and `key.pem`. */
  readonly certificates?: string;
}

interface Surroundings extends DockerConfigPlace {
  readonly platform: NodeJS.Platform;
}

const Config = z.object({ currentContext: z.string().optional() });
const ContextMeta = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string() }) }),
});

/**
 * Where a daemon may be, in the order of the docker command line: `DOCKER_HOST`, the chosen
 * context, then the sockets that Docker, Docker Desktop, rootless Docker and Podman use.
 */
export function endpoints(given: Partial<Surroundings> = {}): Endpoint[] {
  const around: Surroundings = { platform: process.platform, ...ownDockerConfig(), ...given };
  const { environment } = around;
  if (environment.DOCKER_HOST) {
    const certificates = environment.DOCKER_CERT_PATH ?? join(around.home, ".docker");
    return [
      {
        address: environment.DOCKER_HOST,
        from: "DOCKER_HOST",
        ...(environment.DOCKER_TLS_VERIFY ? { certificates } : {}),
      },
    ];
  }
  const context = chosenContext(around);
  return context ? [context] : usualSockets(around);
}

function chosenContext(around: Surroundings): Endpoint | undefined {
  const config = Config.safeParse(readDockerConfig(around, "config.json"));
  const name =
    around.environment.DOCKER_CONTEXT ?? (config.success ? config.data.currentContext : undefined);
  if (!name || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = ContextMeta.safeParse(readDockerConfig(around, "contexts", "meta", id, "meta.json"));
  const certificates = join(dockerConfigFolder(around), "contexts", "tls", id, "docker");
  return {
    address: meta.success ? meta.data.Endpoints.docker.Host : "",
    from: `context ${name}`,
    ...(existsSync(certificates) ? { certificates } : {}),
  };
}

function usualSockets({ environment, platform, home }: Surroundings): Endpoint[] {
  if (platform === "win32") {
    return [
      { address: "npipe:////./pipe/docker_engine", from: "Docker's pipe" },
      { address: "npipe:////./pipe/podman-machine-default", from: "Podman's pipe" },
    ];
  }
  const runtime = environment.XDG_RUNTIME_DIR;
  const sockets: readonly (readonly [string, string])[] = [
    ["/var/run/docker.sock", "Docker's socket"],
    [join(home, ".docker/run/docker.sock"), "Docker Desktop's socket"],
    [join(home, ".docker/desktop/docker.sock"), "Docker Desktop's socket"],
    [join(home, ".colima/default/docker.sock"), "Colima's socket"],
    ...(runtime
      ? ([
          [join(runtime, "docker.sock"), "rootless Docker's socket"],
          [join(runtime, "podman/podman.sock"), "Podman's socket"],
        ] as const)
      : []),
    ["/run/podman/podman.sock", "Podman's socket"],
  ];
  return sockets.map(([path, from]) => ({ address: `unix://${path}`, from }));
}
