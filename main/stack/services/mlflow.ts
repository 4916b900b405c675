import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { WorkbenchError } from "../../../contract/problem.ts";
import { freeBytesAt } from "../../runtime/doctor.ts";
import type { EnsureOptions, Environments } from "../../runtime/environments.ts";
import type { ServiceSpec } from "../service.ts";
import { pythonVariables } from "./python-environment.ts";
import { trackingStore } from "./tracking-store.ts";
import { removeUnfinishedStore } from "./unfinished-store.ts";

/** Five times what an empty database takes: others write meanwhile. */
const STORE_BYTES = 5e6;

export interface MlflowServiceOptions {
  readonly environments: Environments;
  /** Holds `mlflow.db` and `artifacts/`. */
  readonly folder: string;
  readonly onProgress?: EnsureOptions["onProgress"];
}

/**
 * The MLflow tracking server and model registry on loopback, artifacts proxied through it.
 *
 * It is the application that `mlflow server` runs, started the way that command starts it: it sets
 * these variables and runs uvicorn. Without the command itself in between, the libraries are
 * imported once instead of twice, and it is ready in 3 s instead of 7.
 */
export function mlflowService(options: MlflowServiceOptions): ServiceSpec {
  const { environments, folder, onProgress } = options;
  const database = join(folder, "mlflow.db");
  return {
    name: "mlflow",
    dependsOn: [],
    ports: ["http"],
    // A call that reads the store: the database is made and migrated when it answers.
    ready: {
      kind: "http",
      port: "http",
      path: "/api/2.0/mlflow/experiments/get?experiment_id=0",
      deadlineMs: 90_000,
    },
    restart: "on_failure",
    page: "/",
    stopGraceMs: 5000,
    revision: () => "",
    beforeLaunch() {
      removeUnfinishedStore(database);
      if (!existsSync(database)) requireRoom(folder);
    },
    async prepare(ports) {
      if (trackingStore(folder).kept_in !== "sqlite") throw elsewhere(folder);
      const python = await environments.ensure("tracking", onProgress ? { onProgress } : {});
      await mkdir(join(folder, "artifacts"), { recursive: true });
      const authorities = [`127.0.0.1:${ports.http}`, `localhost:${ports.http}`];
      return {
        executable: python,
        args: [
          ...["-m", "uvicorn", "--host", "127.0.0.1", "--port", String(ports.http)],
          ...["--workers", "1", "--no-access-log", "mlflow.server.fastapi_app:app"],
        ],
        cwd: folder,
        env: pythonVariables({
          _MLFLOW_SERVER_FILE_STORE: `sqlite:///${database.replaceAll("\\", "/")}`,
          _MLFLOW_SERVER_SERVE_ARTIFACTS: "true",
          _MLFLOW_SERVER_ARTIFACT_ROOT: "mlflow-artifacts:/",
          _MLFLOW_SERVER_ARTIFACT_DESTINATION: pathToFileURL(join(folder, "artifacts")).href,
          _MLFLOW_SGI_NAME: "uvicorn",
          // Against DNS rebinding: a page under another name must not reach it.
          MLFLOW_SERVER_ALLOWED_HOSTS: authorities.join(","),
          MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: authorities.map((a) => `http://${a}`).join(","),
          MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
          MLFLOW_DISABLE_TELEMETRY: "true",
          DO_NOT_TRACK: "true",
          MLFLOW_TRACKING_URI: undefined,
          MLFLOW_REGISTRY_URI: undefined,
        }),
      };
    },
  };
}

/** Nothing is begun that cannot be finished: see `removeUnfinishedStore`. */
function requireRoom(folder: string): void {
  const free = freeBytesAt(folder);
  if (free >= STORE_BYTES) return;
  throw new WorkbenchError({
    code: "mlflow.disk_full",
    detail: `The disk of ${folder} has ${Math.round(free / 1e3)} kB left: too little for MLflow's database.`,
    hint: `Free ${STORE_BYTES / 1e6} MB or more and try again.`,
    where: { service: "mlflow", folder },
  });
}

/** A server on the file that is left in the workspace would know less than was registered. */
function elsewhere(folder: string): WorkbenchError {
  return new WorkbenchError({
    code: "mlflow.store_in_containers",
    detail: "Trials and registry of this workspace are in the database of its containers.",
    hint: "`stack up --docker` uses them there; `stack up --native` brings them back.",
    where: { service: "mlflow", folder },
  });
}
