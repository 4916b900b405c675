import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { writeJsonAtomic } from "../../runtime/atomic-file.ts";
import type { Environments } from "../../runtime/environments.ts";
import { loadPlan } from "../compose/load.ts";
import { nativeService } from "../native/native-service.ts";
import type { PlannedService } from "../plan.ts";
import type { ServiceSpec } from "../service.ts";

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
  // `debug` writes a line for every request, which costs more than the request.
  const settings = {
    debug: false,
    metrics_endpoint: "/metrics",
    parallel_workers: 0,
    gzip_enabled: false,
  };
  const file = join(enginePackage, "..", "core", "model-server.yaml");
  const values: Readonly<Record<string, string>> = {
    ...{ folder, model, version, runtime: pythonPath },
    python_path: [...new Set([enginePackage, pythonPath])].join(delimiter),
  };
  const native = nativeService(described(file), { environments, values: (name) => values[name] });
  return {
    ...native,
    name: options.service,
    async revision() {
      const code = await native.revision();
      return createHash("sha256").update(code).update(JSON.stringify(modelSettings)).digest("hex");
    },
    async container() {
      const inside = join(folder, "container");
      await mkdir(inside, { recursive: true, mode: 0o700 });
      await writeJsonAtomic(join(inside, "settings.json"), {
        ...settings,
        // Only the containers' own network reaches it, and loopback of this machine.
        host: "0.0.0.0",
        http_port: 8080,
        grpc_port: 8081,
        metrics_port: 8082,
      });
      await writeJsonAtomic(join(inside, "model-settings.json"), modelSettings);
      const seen = [inside, options.modelFolder].map((path) => ({
        ...{ type: "bind", source: path, target: path },
        read_only: true,
      }));
      return {
        extends: { file, service: SERVICE },
        command: ["python", "-m", "breadthflow_engine.serving.model_server", inside],
        volumes: seen,
        healthcheck: {
          test: [
            "CMD",
            "python",
            "-m",
            "container.answers",
            `http://127.0.0.1:8080${native.ready.path}`,
          ],
          ...{ interval: "1s", timeout: "5s", retries: 10, start_period: "60s" },
        },
      };
    },
    async prepare(ports) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeJsonAtomic(join(folder, "settings.json"), {
        ...settings,
        host: "127.0.0.1",
        http_port: ports.http,
        grpc_port: ports.grpc,
        metrics_port: ports.metrics,
      });
      await writeJsonAtomic(join(folder, "model-settings.json"), modelSettings);
      return native.prepare(ports);
    },
  };
}

const SERVICE = "model-server";

function described(file: string): PlannedService {
  const plan = loadPlan({ files: [file], profiles: ["*"], environment: {} });
  return plan.services[SERVICE] as PlannedService;
}
