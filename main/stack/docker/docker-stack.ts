import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { problemOf, WorkbenchError } from "../../../contract/problem.ts";
import type {
  DockerView,
  Leftovers,
  ProfileView,
  ServiceUsage,
  ServiceView,
} from "../../../contract/service.ts";
import { readJsonIfPresent, writeJsonAtomic } from "../../runtime/atomic-file.ts";
import { TypedEvent } from "../../runtime/typed-event.ts";
import { loadPlan } from "../compose/load.ts";
import type { Plan } from "../plan.ts";
import { refuseUnknownProfiles } from "../services.ts";
import type { LogOptions, StackSupervisor } from "../stack-supervisor.ts";
import { connect } from "./connection.ts";
import { leftoversOf, removeLeftovers } from "./leftovers.ts";
import { MovedPorts } from "./moved-ports.ts";
import { remedyFor } from "./remedies.ts";
import { DockerSupervisor, type StackProgress } from "./supervisor.ts";
import type { WorkspaceOverlay } from "./workspace-overlay.ts";

const Remembered = z.object({ profiles: z.array(z.string()) });

/** The profile whose one step brings the tracking store back into the workspace. */
const HOME = "home";

export interface DockerStackOptions {
  /** The compose files of the bundles, and what they are for a workspace. */
  readonly files: readonly string[];
  readonly overlay: WorkspaceOverlay;
  /** The workspace's folder: each workspace is a compose project of its own. */
  readonly workspace: string;
  readonly runFolder: string;
  readonly logFolder: string;
  /** Variables for the compose files, read when they are loaded. */
  readonly variables: () => Readonly<Record<string, string | undefined>>;
}

/** The product's bundles as containers of one workspace; nothing is asked of Docker before `up`. */
export class DockerStack implements StackSupervisor {
  readonly name = "docker";
  readonly changed = new TypedEvent<void>();
  readonly progress = new TypedEvent<StackProgress>();
  readonly #options: DockerStackOptions;
  readonly #movedPorts: MovedPorts;
  #supervisor: Promise<DockerSupervisor> | undefined;
  #reopening: Promise<void> = Promise.resolve();

  constructor(options: DockerStackOptions) {
    this.#options = options;
    this.#movedPorts = new MovedPorts(join(options.runFolder, "docker-ports.json"));
  }

  /** The daemon as it is at this moment; that none answers is told, not thrown. */
  async daemon(): Promise<DockerView> {
    try {
      const { version, endpoint } = await connect();
      return { version, address: endpoint.address, problem: null, remedy: null };
    } catch (error) {
      const problem = problemOf(error);
      return { version: null, address: null, problem, remedy: remedyFor(problem) };
    }
  }

  /** Does what `daemon` tells to be of help, where no person is needed for it. */
  async remedy(): Promise<DockerView> {
    const { remedy } = await this.daemon();
    if (remedy?.can_run) {
      const [program, ...args] = remedy.command as [string, ...string[]];
      await promisify(execFile)(program, args).catch((error) => {
        throw remedyFailed(program, error);
      });
    }
    return this.daemon();
  }

  /** What this workspace has on the daemon and needs no more. */
  async leftovers(): Promise<Leftovers> {
    return leftoversOf((await connect()).docker, this.#plan(["*"]));
  }

  async removeLeftovers(): Promise<Leftovers> {
    return removeLeftovers((await connect()).docker, this.#plan(["*"]));
  }

  /** Gives a service another port than one that some other program holds, from now on. */
  async movePort(service: string, from: number, to: number): Promise<void> {
    await this.#movedPorts.add({ service, from, to });
    await this.start(service);
  }

  /** Looks again at what an earlier workbench had brought up; it goes on running meanwhile. */
  reopen(): Promise<void> {
    const reopening = (async () => {
      const remembered = Remembered.safeParse(await readJsonIfPresent(this.#rememberedFile));
      if (remembered.success) await this.#open(remembered.data.profiles);
    })();
    this.#reopening = reopening.catch(() => undefined);
    return reopening;
  }

  profiles(): ProfileView[] {
    const plan = this.#plan([]);
    return profilesOf(plan).map((profile) => ({
      profile,
      services: ofProfiles(plan, [profile]),
      supervisors: ["docker"],
    }));
  }

  async up(options: { profiles: readonly string[]; build?: boolean }): Promise<void> {
    const profiles = this.#known(options.profiles);
    const supervisor = await this.opened(profiles);
    await supervisor.up({
      services: ofProfiles(supervisor.plan, profiles),
      build: options.build ?? false,
      onProgress: this.#onProgress,
    });
  }

  async down(options: { profiles?: readonly string[]; volumes?: boolean }): Promise<void> {
    if (options.profiles && !options.profiles.includes("*")) {
      await this.#profilesDown(this.#known(options.profiles));
      return;
    }
    const supervisor = await this.#open(["*"]);
    supervisor.takePlan(this.#plan(["*"]));
    await supervisor.down({ volumes: options.volumes ?? false });
  }

  async start(service: string): Promise<void> {
    const { disabled } = this.#plan(await this.#remembered());
    // One of a profile that is off brings its profile into the plan, not its profile's services.
    const [profile] = (disabled[service]?.model.profiles ?? []).filter((name) => name !== HOME);
    const supervisor = await this.opened(profile === undefined ? [] : [profile]);
    await supervisor.up({ services: [service], onProgress: this.#onProgress });
  }

  async restart(services: readonly string[]): Promise<void> {
    const supervisor = await this.opened();
    await supervisor.restart(services, { onProgress: this.#onProgress });
  }

  async stop(service: string): Promise<void> {
    await (await this.opened()).stop([service]);
  }

  async *logs(service: string, options: LogOptions): AsyncGenerator<string> {
    yield* (await this.supervisor()).logs(service, options);
  }

  async usage(): Promise<ServiceUsage[]> {
    const supervisor = await this.#supervisor?.catch(() => undefined);
    const found = (await supervisor?.usage()) ?? new Map();
    return [...found].map(([service, usage]) => ({ service, supervisor: this.name, ...usage }));
  }

  /**
   * Connects to Docker, and reads the bundles anew with what the workspace adds to them. Profiles
   * that were brought up stay in the plan: what is asked of one must not take another's away.
   */
  async opened(profiles: readonly string[] = []): Promise<DockerSupervisor> {
    const all = [...new Set([...(await this.#remembered()), ...profiles])];
    const supervisor = await this.#open(all);
    supervisor.takePlan(this.#plan(all));
    await writeJsonAtomic(this.#rememberedFile, { profiles: all });
    return supervisor;
  }

  /** Brings what containers have tracked back into the workspace, and ends them. */
  async home(): Promise<void> {
    const supervisor = await this.opened();
    await supervisor.stop([
      "engine",
      "mlflow",
      "router",
      ...(await this.#options.overlay.services()),
    ]);
    supervisor.takePlan(this.#plan([HOME]));
    await supervisor.up({ onProgress: this.#onProgress });
    supervisor.takePlan(this.#plan(["*"]));
    await supervisor.stop();
  }

  /** What is up, or was; empty as long as nothing was ever asked of Docker. */
  async list(): Promise<ServiceView[]> {
    await this.#reopening;
    const views = (await this.#supervisor?.catch(() => undefined))?.status() ?? [];
    // The way home is no service of anybody's; it is shown while it works, and if it fails.
    return views.filter(({ profiles, state }) => state !== "stopped" || profiles.join() !== HOME);
  }

  /** The port of 127.0.0.1 at which a service is reached, while it is ready. */
  async portOf(service: string, port: string): Promise<number | undefined> {
    const view = (await this.list()).find((one) => one.service === service);
    return view?.state === "ready" ? view.ports[port] : undefined;
  }

  async supervisor(): Promise<DockerSupervisor> {
    await this.#reopening;
    return this.#supervisor ?? Promise.reject(notUp());
  }

  /** Leaves the containers as they are. */
  async close(): Promise<void> {
    await (await this.#supervisor?.catch(() => undefined))?.close();
  }

  readonly #onProgress = (progress: StackProgress): void => this.progress.emit(progress);

  async #remembered(): Promise<string[]> {
    const found = Remembered.safeParse(await readJsonIfPresent(this.#rememberedFile));
    return [...new Set(["core", ...(found.data?.profiles ?? [])])];
  }

  /** Profiles that exist, every one of them for `*`. */
  #known(profiles: readonly string[]): readonly string[] {
    const known = profilesOf(this.#plan([]));
    if (profiles.includes("*")) return known;
    refuseUnknownProfiles(profiles, known);
    return profiles;
  }

  async #profilesDown(profiles: readonly string[]): Promise<void> {
    const staying = (await this.#remembered()).filter((name) => !profiles.includes(name));
    const supervisor = await this.opened(profiles);
    const { plan } = supervisor;
    const theirs = ofProfiles(plan, profiles);
    const up = supervisor.status().filter(({ state }) => state !== "stopped");
    // The core is in the plan all the time, up or not: what is in use has a service of its own up.
    const inUse = staying.filter((profile) => {
      const own = ofProfiles(plan, [profile]).filter((name) => !theirs.includes(name));
      return own.length === 0 || up.some(({ service }) => own.includes(service));
    });
    const needed = ofProfiles(plan, inUse);
    await supervisor.remove(theirs.filter((name) => !needed.includes(name)));
    await writeJsonAtomic(this.#rememberedFile, { profiles: staying });
    supervisor.takePlan(this.#plan(await this.#remembered()));
  }

  #open(profiles: readonly string[]): Promise<DockerSupervisor> {
    if (this.#supervisor) return this.#supervisor;
    const opening = (async () => {
      const plan = this.#plan(profiles);
      const supervisor = new DockerSupervisor(await connect(), plan, this.#options.logFolder);
      supervisor.changed.subscribe(() => this.changed.emit());
      return supervisor.open();
    })();
    this.#supervisor = opening;
    // A daemon that was not there may be there the next time.
    opening.catch(() => {
      this.#supervisor = undefined;
    });
    return opening;
  }

  #plan(profiles: readonly string[]): Plan {
    const { files, overlay, workspace, variables } = this.#options;
    const id = createHash("sha256").update(workspace).digest("hex").slice(0, 8);
    const plan = loadPlan({
      files: [...files, ...overlay.files],
      profiles,
      projectName: `breadthflow-${id}`,
      environment: variables(),
    });
    return this.#movedPorts.applied(plan);
  }

  get #rememberedFile(): string {
    return join(this.#options.runFolder, "docker-stack.json");
  }
}

/** A service without a profile belongs to all of them. */
function ofProfiles({ services, disabled }: Plan, profiles: readonly string[]): string[] {
  return Object.values({ ...services, ...disabled })
    .filter(({ model }) => !model.profiles?.length || overlap(model.profiles, profiles))
    .map(({ name }) => name);
}

/** Profiles that a person can bring up. */
function profilesOf({ services, disabled }: Plan): string[] {
  const all = Object.values({ ...services, ...disabled });
  const names = new Set(all.flatMap(({ model }) => model.profiles ?? []));
  return [...names].filter((name) => name !== HOME);
}

function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one));
}

function remedyFailed(program: string, error: unknown): WorkbenchError {
  const { stderr = "", message = "" } = error as { stderr?: string; message?: string };
  return new WorkbenchError(
    {
      code: "docker.remedy_failed",
      detail: `${program} did not do it: ${stderr.trim() || message}`,
      hint: "Give the command yourself in a terminal; it says more there.",
    },
    { cause: error },
  );
}

function notUp(): WorkbenchError {
  return new WorkbenchError({
    code: "stack.not_up",
    detail: "No containers of this workspace are known.",
    hint: "Bring them up first: `stack up --docker`.",
  });
}
