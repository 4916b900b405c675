import { readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { WorkbenchError } from "../../../contract/problem.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";

const ANSWER_MS = 5000;

export interface Connection {
  readonly docker: Docker;
  readonly endpoint: Endpoint;
  readonly version: string;
  readonly apiVersion: string;
}

/** Connects to the first daemon that answers, or says why none does and what to do about it. */
export async function connect(candidates: readonly Endpoint[] = endpoints()): Promise<Connection> {
  const failures: { endpoint: Endpoint; error: NodeJS.ErrnoException }[] = [];
  for (const endpoint of candidates) {
    try {
      const docker = new Docker(optionsOf(endpoint));
      const version = await withinTime(docker.version());
      return {
        docker,
        endpoint,
        version: version.Version,
        apiVersion: version.ApiVersion,
      };
    } catch (error) {
      failures.push({ endpoint, error: error as NodeJS.ErrnoException });
    }
  }
  throw unreachable(failures);
}

export function optionsOf({ address, certificates }: Endpoint): Docker.DockerOptions {
  const match = /^(unix|npipe|tcp|http|https|ssh):\/\/(.*)$/.exec(address);
  if (!match) {
    throw new WorkbenchError({
      code: "docker.bad_address",
      detail: `${JSON.stringify(address)} is not the address of a Docker daemon.`,
      hint: "It looks like unix:///var/run/docker.sock or tcp://127.0.0.1:2375.",
    });
  }
  const [, scheme, rest = ""] = match;
  if (scheme === "unix") return { socketPath: rest };
  if (scheme === "npipe") return { socketPath: rest.replaceAll("\\", "/") };
  const url = new URL(`${scheme === "ssh" ? "ssh" : "http"}://${rest}`);
  if (scheme === "ssh") {
    return {
      protocol: "ssh",
      host: url.hostname,
      port: Number(url.port || 22),
      ...(url.username ? { username: url.username } : {}),
    };
  }
  const read = (name: string) => readFileSync(join(certificates as string, name));
  return {
    protocol: certificates || scheme === "https" ? "https" : "http",
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (certificates ? 2376 : 2375)),
    ...(certificates ? { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") } : {}),
  };
}

function unreachable(
  failures: readonly { endpoint: Endpoint; error: NodeJS.ErrnoException }[],
): WorkbenchError {
  const tried = failures.map(({ endpoint, error }) => ({
    address: endpoint.address,
    from: endpoint.from,
    error: error.code ?? error.message,
  }));
  const denied = failures.find(({ error }) => error.code === "EACCES");
  if (denied) {
    return new WorkbenchError({
      code: "docker.permission",
      detail: `This user may not speak to Docker at ${denied.endpoint.address}.`,
      hint: "Add the user to the group docker (sudo usermod -aG docker $USER) and log in again.",
      where: { tried },
    });
  }
  const start =
    process.platform === "linux"
      ? "Start it (sudo systemctl start docker), or use --native."
      : "Start Docker Desktop, or use --native.";
  return new WorkbenchError({
    code: "docker.unreachable",
    detail: `No Docker daemon answers (${[...new Set(failures.map(({ endpoint }) => endpoint.from))].join(", ")}).`,
    hint: start,
    where: { tried },
  });
}

function withinTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${ANSWER_MS / 1000} s`)),
      ANSWER_MS,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
