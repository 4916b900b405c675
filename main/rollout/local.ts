import { join } from "node:path";
import type { DeploymentState, InferRequest, InferResponse } from "../../contract/deployment.ts";
import type { DeploymentId } from "../../contract/ids.ts";
import { type Problem, problemOf, WorkbenchError } from "../../contract/problem.ts";
import { writeJsonAtomic } from "../runtime/atomic-file.ts";
import type { ServiceSpec, ServiceState, ServiceStatus } from "../stack/service.ts";
import type { Services } from "../stack/services.ts";
import type {
  DeploymentStatus,
  InferOptions,
  LoadedDeployment,
  LoadOptions,
  LoadRequest,
  ModelVersion,
  RolloutBackend,
} from "./backend.ts";
import { ModelCopies } from "./model-copies.ts";
import { OpenInferenceClient } from "./open-inference.ts";
import type { ModelRegistry } from "./registry.ts";
import type { Route } from "./routes.ts";
import { checkSmoke, noExample, type SmokeExample, smokeRefused } from "./smoke.ts";

export interface LocalRolloutOptions {
  /** The workspace's `serving` folder. */
  readonly folder: string;
  /** They have a `router`, which reads the routes in that folder. */
  readonly services: Pick<Services, "add" | "has" | "start" | "remove" | "statusOf" | "changed">;
  readonly registry: ModelRegistry;
  /** Describes the service that serves one version. */
  readonly modelServer: (server: {
    service: string;
    folder: string;
    model: string;
    version: string;
    modelFolder: string;
  }) => ServiceSpec;
  /** What the router asks of clients, and of this backend. */
  readonly token: string;
  readonly controlToken: string;
}

/** A version that is being served, by one server of its own. */
interface Live extends ModelVersion {
  readonly deployment: DeploymentId;
  readonly service: string;
  readonly example: SmokeExample;
}

/** The local data plane: an MLServer per model version, one router in front of them. */
export class LocalRollout implements RolloutBackend {
  readonly #options: LocalRolloutOptions;
  readonly #copies: ModelCopies;
  readonly #client = new OpenInferenceClient();
  readonly #live = new Map<DeploymentId, Live>();
  readonly #turns = new Map<DeploymentId, Promise<unknown>>();
  readonly #unsubscribe: () => void;
  #routing: Promise<void> = Promise.resolve();
  #routed = "";

  constructor(options: LocalRolloutOptions) {
    this.#options = options;
    this.#copies = new ModelCopies(join(options.folder, "models"), options.registry);
    // A server that came back after a crash may have had to take another port.
    this.#unsubscribe = options.services.changed.subscribe((status) => {
      if (status.state !== "ready") return;
      const ours = [...this.#live.values()].some((live) => live.service === status.name);
      if (ours) void this.#route().catch(() => undefined);
    });
  }

  async preflight({ model, version }: ModelVersion): Promise<Problem[]> {
    try {
      await this.#options.registry.version(model, version);
      return [];
    } catch (error) {
      return [problemOf(error)];
    }
  }

  load(request: LoadRequest, options: LoadOptions = {}): Promise<LoadedDeployment> {
    return this.#inTurn(request.deployment, () => this.#load(request, options));
  }

  /** Brings back deployments that were live when the workbench ended; one that fails is told. */
  restore(
    requests: readonly LoadRequest[],
    options: LoadOptions = {},
  ): Promise<PromiseSettledResult<LoadedDeployment>[]> {
    return Promise.allSettled(requests.map((request) => this.load(request, options)));
  }

  unload(deployment: DeploymentId): Promise<void> {
    return this.#inTurn(deployment, async () => {
      const live = this.#live.get(deployment);
      if (!live) return;
      this.#live.delete(deployment);
      // First out of the router, so that no request meets a server that is ending.
      await this.#route();
      await this.#options.services.remove(live.service);
    });
  }

  status(deployment: DeploymentId): DeploymentStatus | undefined {
    const live = this.#live.get(deployment);
    if (!live) return undefined;
    const server = this.#options.services.statusOf(live.service);
    return {
      deployment,
      model: live.model,
      version: live.version,
      state: DEPLOYMENT_STATES[server.state],
      endpoint: this.#endpoint(deployment),
      service: live.service,
      restarts: server.restarts,
      log: server.log,
      problem: server.problem,
    };
  }

  /** The stored example of a deployment that is loaded. */
  example(deployment: DeploymentId): SmokeExample {
    return this.#find(deployment).example;
  }

  async infer(
    deployment: DeploymentId,
    request: InferRequest,
    options: InferOptions = {},
  ): Promise<InferResponse> {
    this.#find(deployment);
    const { token } = this.#options;
    return await this.#client.infer(this.#endpoint(deployment), request, { ...options, token });
  }

  async promote(deployment: DeploymentId): Promise<void> {
    const { model, version } = this.#find(deployment);
    await this.#options.registry.setAlias(model, "champion", version);
  }

  /** Lets go of connections; the services are the supervisor's to stop. */
  close(): void {
    this.#unsubscribe();
    this.#client.close();
  }

  async #load(request: LoadRequest, { onProgress }: LoadOptions): Promise<LoadedDeployment> {
    const began = performance.now();
    const { deployment, model, version } = request;
    const router = this.#startRouter();
    // It is awaited below; a failure before that must not count as unhandled.
    router.catch(() => undefined);
    onProgress?.(`fetching ${model} version ${version}`);
    const copy = await this.#copies.get({ model, version });
    const example = request.example ?? copy.example;
    if (!example) throw noExample(deployment, request);

    const service = `model-${deployment}-${version}`;
    const before = this.#live.get(deployment);
    if (!this.#options.services.has(service)) {
      this.#options.services.add(
        this.#options.modelServer({
          service,
          folder: join(this.#options.folder, "servers", service),
          model,
          version,
          modelFolder: copy.modelFolder,
        }),
      );
    }
    try {
      onProgress?.(`starting ${service}`);
      const server = await this.#options.services.start(service);
      onProgress?.("asking for the stored example's prediction");
      const served = await this.#client
        .infer(serverUrl(server, request), example.request)
        .catch((error: unknown) => {
          throw smokeRefused(error, deployment, server.log);
        });
      checkSmoke(served, example, deployment);
      await router;
      this.#live.set(deployment, { deployment, model, version, service, example });
      await this.#route();
      const routed = await this.infer(deployment, example.request);
      checkSmoke(routed, example, deployment);
      await this.#warmUp(deployment, example);
    } catch (error) {
      await this.#takeBack(deployment, service, before);
      throw error;
    }
    if (before && before.service !== service) await this.#options.services.remove(before.service);
    const seconds = (performance.now() - began) / 1000;
    const endpoint = this.#endpoint(deployment);
    return { deployment, model, version, endpoint, ready_seconds: seconds };
  }

  /** The first requests of a process are slow, and better ours than somebody's. */
  async #warmUp(deployment: DeploymentId, { request }: SmokeExample): Promise<void> {
    for (let count = 0; count < WARM_UP_REQUESTS; count += 1) await this.infer(deployment, request);
  }

  async #takeBack(
    deployment: DeploymentId,
    service: string,
    before: Live | undefined,
  ): Promise<void> {
    if (before) this.#live.set(deployment, before);
    else this.#live.delete(deployment);
    await this.#route().catch(() => undefined);
    if (before?.service !== service) await this.#options.services.remove(service);
  }

  async #startRouter(): Promise<void> {
    // What was routed when the workbench last ended is not served yet.
    if (this.#routed === "") await this.#write();
    await this.#options.services.start(ROUTER);
  }

  /** Tells the router what is live now, one change after the other. */
  #route(): Promise<void> {
    const change = this.#routing.then(async () => {
      if (!(await this.#write())) return;
      // One that does not run reads its routes when it starts.
      if (!this.#routerIsUp()) return;
      const { controlToken: token } = this.#options;
      await this.#client.post(`${this.#routerUrl()}/control/reload`, {}, { token });
    });
    this.#routing = change.catch(() => undefined);
    return change;
  }

  /** @returns whether the routes had changed */
  async #write(): Promise<boolean> {
    const routes: Route[] = [...this.#live.values()].flatMap(
      ({ deployment, model, version, service }) => {
        const { host, ports } = this.#options.services.statusOf(service).inside;
        // One that is just being started elsewhere has no port yet.
        if (ports.http === undefined) return [];
        return [{ deployment, model, version, host, port: ports.http, timeout_ms: 10_000 }];
      },
    );
    const text = JSON.stringify(routes);
    if (text === this.#routed) return false;
    await writeJsonAtomic(join(this.#options.folder, "routes.json"), { routes });
    this.#routed = text;
    return true;
  }

  #routerIsUp(): boolean {
    return this.#options.services.statusOf(ROUTER).state === "ready";
  }

  #routerUrl(): string {
    return `http://127.0.0.1:${this.#options.services.statusOf(ROUTER).ports.http}`;
  }

  #endpoint(deployment: DeploymentId): string {
    return `${this.#routerUrl()}/v2/models/${encodeURIComponent(deployment)}`;
  }

  #find(deployment: DeploymentId): Live {
    const live = this.#live.get(deployment);
    if (live) return live;
    throw new WorkbenchError({
      code: "deployment.not_loaded",
      detail: `The deployment ${deployment} is not being served.`,
      hint: "`deployments` lists those that are; `deploy RUN-ID` makes one.",
      where: { deployment },
    });
  }

  /** Loads and unloads of one deployment happen one after the other. */
  #inTurn<T>(deployment: DeploymentId, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(deployment) ?? Promise.resolve()).then(work);
    this.#turns.set(
      deployment,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

const ROUTER = "router";
const WARM_UP_REQUESTS = 50;

const DEPLOYMENT_STATES: Record<ServiceState, DeploymentState> = {
  stopped: "stopped",
  stopping: "stopped",
  starting: "starting",
  backing_off: "starting",
  ready: "live",
  failed: "failed",
  away: "starting",
};

function serverUrl(server: ServiceStatus, { model, version }: ModelVersion): string {
  const path = `${encodeURIComponent(model)}/versions/${encodeURIComponent(version)}`;
  return `http://127.0.0.1:${server.ports.http}/v2/models/${path}`;
}
