import type { EnsureOptions, Environments } from "../../runtime/environments.ts";
import { sourceRevision } from "../../runtime/source-revision.ts";
import type { ServiceSpec } from "../service.ts";
import { pythonVariables } from "./python-environment.ts";

export interface EngineServiceOptions {
  readonly environments: Environments;
  /** What the engine asks of its clients. */
  readonly token: string;
  readonly onProgress?: EnsureOptions["onProgress"];
}

/** The Python engine on loopback, in the environment `core`. */
export function engineService(options: EngineServiceOptions): ServiceSpec {
  const { environments, token, onProgress } = options;
  return {
    name: "engine",
    dependsOn: [],
    ports: ["http"],
    ready: { kind: "http", port: "http", path: "/healthz", deadlineMs: 60_000 },
    restart: "on_failure",
    stopGraceMs: 5000,
    revision: () => sourceRevision(environments.enginePackage, ".py"),
    async prepare(ports) {
      const python = await environments.ensure("core", onProgress ? { onProgress } : {});
      return {
        executable: python,
        args: [
          ...["-m", "breadthflow_engine", "serve"],
          ...["--host", "127.0.0.1", "--port", String(ports.http)],
        ],
        cwd: environments.enginePackage,
        env: pythonVariables({
          PYTHONPATH: environments.enginePackage,
          // In the environment rather than the arguments, which every user of the machine sees.
          BREADTHFLOW_ENGINE_TOKEN: token,
        }),
      };
    },
  };
}
