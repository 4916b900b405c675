import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalRollout } from "../../../main/rollout/local.ts";
import { ModelRegistry } from "../../../main/rollout/registry.ts";
import type { SmokeExample } from "../../../main/rollout/smoke.ts";
import { Environments } from "../../../main/runtime/environments.ts";
import { Ports } from "../../../main/runtime/ports.ts";
import { Secrets } from "../../../main/runtime/secrets.ts";
import { Workspace } from "../../../main/runtime/workspace.ts";
import { NativeSupervisor } from "../../../main/stack/native/supervisor.ts";
import { modelServerService } from "../../../main/stack/services/model-server.ts";
import { processesOf } from "../../../main/stack/workspace-stack.ts";

const ROOT = join(import.meta.dirname, "../../..");

export const TOKEN = "client-token-of-the-test";
export const WEIGHTS = [0.5, -1.25, 2];
export const EXAMPLE: SmokeExample = {
  request: {
    inputs: [{ name: "features", shape: [2, 3], datatype: "FP64", data: [1, 2, 3, 0.1, 0.2, 0.3] }],
  },
  response: {
    outputs: [{ name: "prediction", shape: [2, 1], datatype: "FP64", data: [4, 0.4] }],
  },
};

export const temporaryWorkspace = (): string => mkdtempSync(join(tmpdir(), "breadthflow-test-"));

/** A runtime of the tests' own, which tells faults of serving from faults of models. */
const LINEAR_RUNTIME = {
  implementation: "linear_model.LinearModel",
  pythonPath: join(import.meta.dirname, "runtime"),
};

export interface LocalStackOptions {
  readonly root?: string;
  /** The product's own runtime, or a linear model that the tests can write by hand. */
  readonly runtime?: "workbench" | "linear";
}

/** A workspace's services as workbench.ts puts them together. */
export class LocalStack {
  readonly environments = new Environments({
    root: ROOT,
    override: process.env.BREADTHFLOW_ENVIRONMENTS,
  });
  readonly workspace: Workspace;
  readonly services: NativeSupervisor;
  readonly registry: ModelRegistry;
  readonly rollout: LocalRollout;

  constructor({ root = temporaryWorkspace(), runtime = "linear" }: LocalStackOptions = {}) {
    this.workspace = new Workspace(root).create();
    const { environments } = this;
    this.services = new NativeSupervisor({
      runFolder: this.workspace.run,
      logFolder: this.workspace.logs,
      ports: new Ports(join(this.workspace.run, "ports.json")),
    });
    const secrets = new Secrets(this.workspace.secrets);
    secrets.replace("endpoint", TOKEN);
    const around = { environments, secrets, product: ROOT, nodeArgs: [] };
    for (const spec of processesOf({ workspace: this.workspace, ...around })) {
      this.services.add(spec);
    }
    this.registry = new ModelRegistry(() => this.#mlflow());
    this.rollout = new LocalRollout({
      folder: this.workspace.serving,
      services: this.services,
      registry: this.registry,
      modelServer: (server) =>
        modelServerService({
          ...server,
          environments,
          ...(runtime === "linear" && LINEAR_RUNTIME),
        }),
      token: TOKEN,
      controlToken: secrets.get("router-control"),
    });
  }

  /** Registers a version with these files, the way an MLflow client does, and returns its number. */
  async register(model: string, files: Readonly<Record<string, string>>): Promise<string> {
    const url = await this.#mlflow();
    const post = async <T>(path: string, body: object): Promise<T> => {
      const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as T;
    };
    await post("registered-models/create", { name: model });
    const { run } = await post<{ run: { info: { run_id: string } } }>("runs/create", {
      experiment_id: "0",
    });
    const { run_id } = run.info;
    const folder = `0/${run_id}/artifacts/model`;
    for (const [path, text] of Object.entries(files)) {
      const address = `${url}/api/2.0/mlflow-artifacts/artifacts/${folder}/${path}`;
      await fetch(address, { method: "PUT", body: text });
    }
    const source = `mlflow-artifacts:/${folder}`;
    const made = await post<{ model_version: { version: string } }>("model-versions/create", {
      name: model,
      source,
      run_id,
    });
    return made.model_version.version;
  }

  async alias(model: string, alias: string): Promise<string | undefined> {
    const query = new URLSearchParams({ name: model, alias });
    const url = `${await this.#mlflow()}/api/2.0/mlflow/registered-models/alias?${query}`;
    const body = (await (await fetch(url)).json()) as { model_version?: { version: string } };
    return body.model_version?.version;
  }

  async end(): Promise<void> {
    this.rollout.close();
    await this.services.stopAll();
    rmSync(this.workspace.root, { recursive: true, force: true });
  }

  async #mlflow(): Promise<string> {
    const { ports } = await this.services.start("mlflow");
    return `http://127.0.0.1:${ports.http}`;
  }
}

export const MODEL_FILES = {
  "data/model/model.json": JSON.stringify({ weights: WEIGHTS }),
  "data/model/example.json": JSON.stringify(EXAMPLE),
};
