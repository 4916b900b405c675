import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { MAX_UPLOAD_BYTES } from "../contract/data.ts";
import type { Noun } from "../contract/noun.ts";
import { EngineClient } from "./engine/engine-client.ts";
import { inputPaths } from "./engine/input-paths.ts";
import { ViewingClient } from "./engine/viewing-client.ts";
import { NODE_ARGS } from "./node-program.ts";
import { BookLines } from "./pipeline/book-lines.ts";
import { DataLibrary } from "./pipeline/data-library.ts";
import { FollowedRuns } from "./pipeline/followed-runs.ts";
import { Ideas } from "./pipeline/ideas.ts";
import { Imports } from "./pipeline/imports.ts";
import { Pipeline } from "./pipeline/pipeline.ts";
import { Policies } from "./pipeline/policies.ts";
import { RememberedCapabilities } from "./pipeline/remembered-capabilities.ts";
import { RunEvidence } from "./pipeline/run-evidence.ts";
import { Templates } from "./pipeline/templates.ts";
import { IndexMirror } from "./project-index/mirror/index-mirror.ts";
import { openProjectIndex, type ProjectIndex } from "./project-index/project-index.ts";
import { Reports } from "./report/reports.ts";
import { Deployments } from "./rollout/deployments.ts";
import { LocalRollout } from "./rollout/local.ts";
import { Models } from "./rollout/models.ts";
import { ModelRegistry } from "./rollout/registry.ts";
import { storedVersion } from "./rollout/registry-store.ts";
import { TrafficWatch } from "./rollout/traffic.ts";
import { UnregisteredTrials } from "./rollout/unregistered-trials.ts";
import { Environments } from "./runtime/environments.ts";
import { openLog } from "./runtime/log.ts";
import { lentSeal } from "./runtime/secret-seal.ts";
import { Secrets } from "./runtime/secrets.ts";
import { sourceRevision } from "./runtime/source-revision.ts";
import { TypedEvent } from "./runtime/typed-event.ts";
import { Uploads } from "./runtime/uploads.ts";
import { Workspace } from "./runtime/workspace.ts";
import type { DockerStack } from "./stack/docker/docker-stack.ts";
import { stackChecks } from "./stack/doctor/stack-checks.ts";
import { LastingServices } from "./stack/native/lasting-services.ts";
import type { NativeStack } from "./stack/native/native-stack.ts";
import { modelServerService } from "./stack/services/model-server.ts";
import { trackingStore } from "./stack/services/tracking-store.ts";
import { addressOf, innerAddressOf } from "./stack/services.ts";
import { type ServiceSummary, StackLifecycle } from "./stack/stack-lifecycle.ts";
import type { StackView } from "./stack/stack-view.ts";
import type { WorkspaceServices } from "./stack/workspace-services.ts";
import { LASTING, workspaceStack } from "./stack/workspace-stack.ts";
import { Upkeep } from "./upkeep/upkeep.ts";
import { VERSION } from "./version.ts";

const ROOT = join(import.meta.dirname, "..");

const WARM_UP_MS = 10_000;
/** How long closing waits for the alias of what has just been deployed. */
const PROMOTION_PATIENCE_MS = 15_000;
/** How long ending everything waits for what a killed owner left to be found. */
const ADOPTION_PATIENCE_MS = 15_000;

/** The composition root: every service of a workspace is built here, once, in this order. */
export class Workbench {
  readonly workspace: Workspace;
  readonly log: Logger;
  readonly index: ProjectIndex;
  readonly templates: Templates;
  readonly ideas: Ideas;
  readonly pipeline: Pipeline;
  readonly policies: Policies;
  readonly runs: FollowedRuns;
  readonly evidence: RunEvidence;
  readonly book: BookLines;
  readonly data: DataLibrary;
  readonly imports: Imports;
  readonly uploads: Uploads;
  readonly models: Models;
  readonly deployments: Deployments;
  readonly traffic: TrafficWatch;
  readonly stack: StackView;
  readonly lifecycle: StackLifecycle;
  /** The stack in containers, for what is asked of Docker alone. */
  readonly containers: DockerStack;
  readonly upkeep: Upkeep;
  /** Something of this noun is not as it was: who shows it asks again. */
  readonly changed = new TypedEvent<Noun>();
  readonly #services: WorkspaceServices;
  readonly #processes: NativeStack;
  readonly #rollout: LocalRollout;
  readonly #registry: ModelRegistry;
  readonly #unregisteredTrials: UnregisteredTrials;
  readonly #lasting: LastingServices;
  readonly #mirror: IndexMirror;
  readonly #shutdown = new TypedEvent<void>();
  #endsForGood = false;

  /** Opens a workspace. The caller must own it; see `runtime/ownership.ts`. */
  static open(folder: string): Workbench {
    const workbench = new Workbench(new Workspace(folder).create());
    workbench.#recover();
    return workbench;
  }

  private constructor(workspace: Workspace) {
    this.workspace = workspace;
    this.log = openLog(join(workspace.logs, "workbench.log"));
    this.index = openProjectIndex({
      file: workspace.index,
      backups: workspace.backups,
      onChange: (noun) => this.changed.emit(noun),
    });
    this.templates = new Templates(join(ROOT, "resources", "ideas"));
    this.ideas = new Ideas({ index: this.index, workspace, templates: this.templates });

    const secrets = new Secrets(workspace.secrets, lentSeal());
    const environments = new Environments({
      root: ROOT,
      override: process.env.BREADTHFLOW_ENVIRONMENTS,
    });
    const { processes, containers, view, services, indexDatabase } = workspaceStack({
      workspace,
      environments,
      secrets,
      product: ROOT,
      nodeArgs: NODE_ARGS,
    });
    this.#services = services;
    this.#processes = processes;
    this.containers = containers;
    this.stack = view;
    for (const one of [processes, containers])
      one.changed.subscribe(() => this.changed.emit("stack"));
    this.upkeep = new Upkeep({
      workspace,
      environments,
      secrets,
      changed: this.changed,
      services: () => this.stack.list(),
      stackChecks: async () =>
        stackChecks({
          ...{ workspace: workspace.root, profiles: ["core"] },
          inUse: await this.stack.memory(),
        }),
      version: VERSION,
      packageLock: join(ROOT, "package-lock.json"),
    });
    services.changed.subscribe(({ name }) => {
      // A model server that crashed and comes back is a deployment that is not live meanwhile.
      if (name.startsWith("model-")) this.changed.emit("deployments");
    });

    // Started by the first who asks; its port may move when it is restarted.
    const address = async (service: string) => addressOf(await services.start(service));
    const engine = new EngineClient({
      address: () => address("engine"),
      token: secrets.get("engine"),
    });
    const capabilities = new RememberedCapabilities({
      ask: () => engine.capabilities(),
      revision: () => sourceRevision(environments.enginePackage, ".py"),
      file: join(workspace.run, "capabilities.json"),
    });
    this.policies = new Policies(join(ROOT, "resources", "policies"), workspace.policies);
    this.pipeline = new Pipeline({
      index: this.index,
      workspace,
      policies: this.policies,
      engine: {
        capabilities: () => capabilities.get(),
        runStep: async (request, options) => {
          await services.see(inputPaths(request.inputs));
          return engine.runStep(request, options);
        },
      },
      places: async () => ({ tracking: innerAddressOf(await services.start("mlflow")) }),
      isRegistered: async (model, version) =>
        (trackingStore(workspace.mlflow).kept_in === "sqlite"
          ? storedVersion(join(workspace.mlflow, "mlflow.db"), model, version)
          : undefined) ?? this.#registry.has(model, version),
      log: this.log,
    });

    const viewing = new ViewingClient(engine, (paths) => services.see(paths));
    this.data = new DataLibrary({ index: this.index, workspace, engine: viewing });
    this.book = new BookLines({ index: this.index, workspace, engine: viewing });
    this.uploads = new Uploads(workspace.uploads, MAX_UPLOAD_BYTES);
    this.imports = new Imports({
      pipeline: this.pipeline,
      onEnd: ({ state, paths }) => {
        this.changed.emit("data");
        // One that failed may be tried again with other words about its columns.
        if (state === "done") void this.uploads.forget(paths);
      },
    });

    this.#registry = new ModelRegistry(() => address("mlflow"));
    this.#unregisteredTrials = new UnregisteredTrials(this.index, this.#registry);
    this.evidence = new RunEvidence(this.index, workspace, this.policies);
    const reports = new Reports({ index: this.index, workspace, version: VERSION });
    this.runs = new FollowedRuns({
      pipeline: this.pipeline,
      evidence: this.evidence,
      report: (result) => reports.write(result),
      registry: this.#registry,
      logTrials: () => this.#logTrials(),
      onEnd: () => this.changed.emit("runs"),
      log: this.log,
    });

    this.#rollout = new LocalRollout({
      folder: workspace.serving,
      services,
      registry: this.#registry,
      modelServer: (server) => modelServerService({ environments, ...server }),
      token: secrets.get("endpoint"),
      controlToken: secrets.get("router-control"),
    });
    this.models = new Models({
      index: this.index,
      workspace,
      registry: this.#registry,
      resultOf: (run) => this.runs.result(run),
      onAlias: () => this.changed.emit("models"),
    });
    this.traffic = new TrafficWatch(join(workspace.serving, "requests.jsonl"));
    this.deployments = new Deployments({
      records: this.index.deployments,
      rollout: this.#rollout,
      registry: this.#registry,
      resultOf: (run) => this.runs.result(run),
      tell: (run, event) => {
        if (this.index.runs.get(run)) this.index.events.append(run, event, new Date());
      },
      featuresOf: (run) => this.models.featuresOf(run),
      token: secrets.get("endpoint"),
      log: this.log,
    });
    this.#lasting = new LastingServices({
      services,
      names: LASTING,
      warmUpMs: WARM_UP_MS,
      restore: () => Promise.all([this.deployments.restore(), this.#processes.reopen()]),
      onWarm: () => this.#logTrials(),
      log: this.log,
    });
    this.stack.ended.subscribe(() => this.#lasting.warmNoMore());
    this.#mirror = new IndexMirror({
      source: this.index.mirrorSource,
      database: indexDatabase,
      onNotice: () => this.changed.emit("stack"),
      log: this.log,
    });
    this.stack.remarks.set("postgres", () => this.#mirror.notice());
    this.lifecycle = new StackLifecycle({
      services,
      stack: this.stack,
      isAtWork: () => this.runs.size > 0 || this.imports.isBusy(),
      adopted: () => this.#lasting.adopted(),
      onMove: async () => {
        this.changed.emit("stack");
        await this.deployments.restore();
      },
    });
  }

  status(): { workspace: string; services: ServiceSummary[]; running: number; busy: boolean } {
    return {
      workspace: this.workspace.root,
      services: this.lifecycle.summaries(),
      running: this.runs.size,
      busy: this.isBusy(),
    };
  }

  /** Something is at work, being served or in a person's hands, so the workspace must stay open. */
  isBusy(): boolean {
    return (
      this.runs.size > 0 ||
      this.imports.isBusy() ||
      this.deployments.isServing() ||
      this.#processes.isInUse()
    );
  }

  onShutdownRequested(listener: () => void): void {
    this.#shutdown.subscribe(listener);
  }

  /** Ends everything for good: what is live is not brought back when the workspace opens again. */
  async requestShutdown(): Promise<{ stopped: string[] }> {
    // A service that has not been found yet could not be ended.
    await Promise.race([this.#lasting.adopted(), sleep(ADOPTION_PATIENCE_MS)]);
    this.deployments.forgetLive();
    this.#endsForGood = true;
    const up = this.#services.status().filter(({ state }) => state === "ready");
    // After the answer is on its way.
    setTimeout(() => this.#shutdown.emit(), 50);
    return { stopped: up.map((service) => service.name) };
  }

  async close(): Promise<void> {
    this.#lasting.warmNoMore();
    await this.imports.close();
    await this.pipeline.close();
    await this.runs.settled();
    await Promise.race([this.deployments.settled(), sleep(PROMOTION_PATIENCE_MS)]);
    await this.#mirror.close();
    await this.#services
      .stopAll({ containers: this.#endsForGood })
      .catch((err) => this.log.warn({ err }, "containers could not be ended"));
    await this.containers.close();
    this.#rollout.close();
    this.index.close();
  }

  #recover(): void {
    const interrupted = this.pipeline.recover();
    void this.uploads.clear();
    if (interrupted.length > 0) this.log.warn({ interrupted }, "runs were cut off");
    this.containers
      .reopen()
      .catch((err) => this.log.warn({ err }, "the containers of this workspace are not seen"));
    this.#lasting.open();
    // Making a step takes seconds, in which the registry that a run ends with comes up.
    this.pipeline.onEvent.subscribe(({ event }) => {
      if (event.type === "step" && event.state === "running") void this.#lasting.up("mlflow");
    });
  }

  /** What runs without a registration have tried; a failure is told and made good later. */
  #logTrials(): Promise<void> {
    return this.#unregisteredTrials
      .log()
      .catch((err) => this.log.warn({ err }, "trials could not be logged"));
  }
}
