import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { writeJsonAtomic } from "../../runtime/atomic-file.ts";
import type { Environments } from "../../runtime/environments.ts";
import { sourceRevision } from "../../runtime/source-revision.ts";
import type { ServiceSpec } from "../native/service.ts";
import { pythonVariables } from "./python-environment.ts";

export interface ModelServerOptions {
  readonly environments: Environments;
  /** Name of the service, such as `model-volatility`. */
  readonly service: string;
  /** Folder of its settings; made if missing. */
  readonly folder: string;
  readonly model: string;
  readonly version: string;
  /** Local folder of the model's files. */
  readonly modelFolder: string;
  /** The MLServer runtime class, and where Python finds it. */
  readonly implementation?: string;
  readonly pythonPath?: string;
}

/** One MLServer process for one model version, on loopback, inference in its own thread. */
export function modelServerService(options: ModelServerOptions): ServiceSpec {
  const { environments, folder, model, version } = options;
  const { enginePackage } = environments;
  const pythonPath = options.pythonPath ?? enginePackage;
  const modelSettings = {
    name: model,
    implementation: options.implementation ?? "breadthflow_engine.serving.runtime.WorkbenchModel",
    parameters: { uri: options.modelFolder, version },
  };
  return {
    name: options.service,
    dependsOn: [],
    ports: ["http", "grpc"],
    ready: {
      kind: "http",
      port: "http",
      path: `/v2/models/${encodeURIComponent(model)}/versions/${encodeURIComponent(version)}/ready`,
      deadlineMs: 60_000,
    },
    restart: "on_failure",
    stopGraceMs: 3000,
    async revision() {
      const code = await sourceRevision(pythonPath, ".py");
      return createHash("sha256").update(code).update(JSON.stringify(modelSettings)).digest("hex");
    },
    async prepare(ports) {
      const python = await environments.ensure("serving");
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeJsonAtomic(join(folder, "settings.json"), {
        // `debug` writes a line for every request, which costs more than the request.
        debug: false,
        host: "127.0.0.1",
        http_port: ports.http,
        grpc_port: ports.grpc,
        // The router exports the metrics; a second listener per model would tell nothing more.
        metrics_endpoint: null,
        parallel_workers: 0,
        gzip_enabled: false,
      });
      await writeJsonAtomic(join(folder, "model-settings.json"), modelSettings);
      return {
        executable: python,
        args: ["-m", "breadthflow_engine.serving.model_server", folder],
        cwd: folder,
        env: pythonVariables({
          PYTHONPATH: [...new Set([enginePackage, pythonPath])].join(delimiter),
          // One small matrix at a time: more threads would only wait for each other.
          OMP_NUM_THREADS: "1",
          OPENBLAS_NUM_THREADS: "1",
        }),
      };
    },
  };
}
