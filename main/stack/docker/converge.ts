import type Docker from "dockerode";
import tar from "tar-stream";
import { configHash } from "../compose/canonical.ts";
import { type Plan, type PlannedService, scaleOf } from "../plan.ts";
import {
  type ContainerWish,
  containerName,
  containerSpec,
  endpointOf,
  networksOf,
} from "./container-spec.ts";
import { isRace, serviceError, statusOf } from "./errors.ts";
import { startFailure } from "./failures.ts";
import { LABEL } from "./labels.ts";
import { filesOf, type Inherited } from "./mounts.ts";
import type { Observed } from "./observed.ts";

export type Step = "create" | "recreate" | "start" | "stop" | "remove" | "rename" | "connect";

interface Surroundings {
  readonly docker: Docker;
  readonly plan: Plan;
  /** The services that are being brought up. */
  readonly services: readonly PlannedService[];
  readonly imageIds: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
  readonly onStep: (step: Step, service: string) => void;
}

/** From what is there to what the plan wants of containers, with as few steps as that takes. */
export class Convergence {
  readonly #around: Surroundings;
  readonly #observed: readonly Observed[];
  readonly #made = new Map<string, Promise<string[]>>();

  constructor(around: Surroundings, observed: readonly Observed[]) {
    this.#around = around;
    this.#observed = observed;
  }

  /** Sees to it that a service has its containers, not yet started; tells their ids. */
  ensure(service: PlannedService): Promise<string[]> {
    let made = this.#made.get(service.name);
    if (!made) {
      made = this.#ensure(service);
      this.#made.set(service.name, made);
    }
    return made;
  }

  async #ensure(planned: PlannedService): Promise<string[]> {
    const { signal, plan } = this.#around;
    const service = await this.#withReferences(planned);
    signal.throwIfAborted();
    const present = await this.#withoutLeftovers(service);
    const wanted = scaleOf(service);
    const obsolete = (one: Observed) => this.#isObsolete(service, one);
    const byUse = present.toSorted(
      (a, b) => Number(obsolete(a)) - Number(obsolete(b)) || a.number - b.number,
    );
    const kept = byUse.slice(0, wanted);
    await Promise.all(byUse.slice(wanted).map((one) => this.#remove(service.name, one.id)));
    const taken = new Set(kept.map(({ number }) => number));
    const free: number[] = [];
    for (let number = 1; free.length < wanted - kept.length; number += 1) {
      if (!taken.has(number)) free.push(number);
    }
    return Promise.all([
      ...kept.map((one) => (obsolete(one) ? this.#recreate(service, one) : one.id)),
      ...free.map((number) =>
        this.#create({
          ...this.#wish(service, number),
          name: containerName(plan, service, number),
        }),
      ),
    ]);
  }

  #isObsolete(service: PlannedService, one: Observed): boolean {
    return (
      one.configHash !== configHash(service.model) ||
      one.imageId !== this.#around.imageIds.get(service.name)
    );
  }

  /** What an interrupted recreation has left: the replacement, the replaced one, or both. */
  async #withoutLeftovers(service: PlannedService): Promise<Observed[]> {
    const all = this.#observed.filter((one) => one.service === service.name && !one.oneOff);
    const usable: Observed[] = [];
    for (const one of all) {
      const name = containerName(this.#around.plan, service, one.number);
      const twin = all.some((other) => other.id !== one.id && other.number === one.number);
      if (one.state === "dead" || (one.name !== name && twin)) {
        await this.#remove(service.name, one.id);
        continue;
      }
      if (one.state === "removing") continue;
      if (one.name !== name && one.replaces) await this.#rename(service.name, one.id, name);
      usable.push(one);
    }
    return usable;
  }

  async #recreate(service: PlannedService, old: Observed): Promise<string> {
    const { docker, plan, onStep } = this.#around;
    onStep("recreate", service.name);
    const name = containerName(plan, service, old.number);
    const id = await this.#create({
      ...this.#wish(service, old.number),
      name: `${old.id.slice(0, 12)}_${name}`,
      replaces: old.id,
      inherited: await this.#anonymousVolumes(service, old.id),
    });
    await this.#stopThoseThatFollow(service.name);
    await docker.getContainer(old.id).stop().catch(unlessStopped);
    await docker.getContainer(old.id).remove({ force: true }).catch(unlessGone);
    await this.#rename(service.name, id, name);
    return id;
  }

  /** Who depends on it with `restart: true` is stopped, and started again once it is replaced. */
  async #stopThoseThatFollow(name: string): Promise<void> {
    const { docker, services, onStep } = this.#around;
    const following = services
      .filter(({ model }) => model.depends_on?.[name]?.restart)
      .map((one) => one.name);
    const running = this.#observed.filter(
      ({ service, state, oneOff }) => following.includes(service) && state === "running" && !oneOff,
    );
    await Promise.all(
      running.map(async ({ id, service }) => {
        onStep("stop", service);
        await docker.getContainer(id).stop().catch(unlessStopped);
      }),
    );
  }

  async #create(wish: ContainerWish): Promise<string> {
    const { docker, plan, signal, onStep } = this.#around;
    const { service } = wish;
    signal.throwIfAborted();
    onStep("create", service.name);
    const container = await docker.createContainer(containerSpec(wish)).catch(async (error) => {
      const taken = await this.#nameTaken(wish, error);
      if (taken) throw taken;
      if (statusOf(error) === undefined || isRace(error)) throw error;
      throw await startFailure(service.name, error);
    });
    const [, ...others] = networksOf(service);
    if (!service.model.network_mode) {
      for (const key of others) {
        onStep("connect", service.name);
        await docker.getNetwork(plan.networks[key]?.name as string).connect({
          Container: container.id,
          EndpointConfig: endpointOf(wish, key) as Docker.EndpointSettings,
        });
      }
    }
    for (const file of filesOf(plan, service.model)) {
      if (file.content === undefined) continue;
      const pack = tar.pack();
      const { target, mode, uid, gid } = file;
      pack.entry({ name: target.replace(/^\//, ""), mode, uid, gid }, file.content);
      pack.finalize();
      await container.putArchive(pack, { path: "/" });
    }
    return container.id;
  }

  /** A name that another project's container has will not become free by trying again. */
  async #nameTaken(wish: ContainerWish, error: unknown): Promise<Error | undefined> {
    if (statusOf(error) !== 409) return undefined;
    const { docker, plan } = this.#around;
    const holder = await docker
      .getContainer(wish.name)
      .inspect()
      .catch(() => undefined);
    const project = holder?.Config.Labels?.[LABEL.project];
    if (!holder || project === plan.name) return undefined;
    return serviceError(
      wish.service.name,
      "docker.name_taken",
      `There is a container ${wish.name} already, of ${project ? `the project ${project}` : "something else"}.`,
      "Remove it, or change container_name.",
      { container: wish.name, ...(project ? { project } : {}) },
    );
  }

  async #remove(service: string, id: string): Promise<void> {
    const { docker, onStep } = this.#around;
    onStep("remove", service);
    const container = docker.getContainer(id);
    await container.stop().catch(unlessStopped);
    await container.remove({ force: true }).catch(unlessGone);
  }

  async #rename(service: string, id: string, name: string): Promise<void> {
    this.#around.onStep("rename", service);
    await this.#around.docker.getContainer(id).rename({ name });
  }

  #wish(service: PlannedService, number: number): Omit<ContainerWish, "name"> {
    const { plan, imageIds } = this.#around;
    return { plan, service, number, imageId: imageIds.get(service.name) ?? "" };
  }

  /** Data that lives in volumes without a name goes over to the container that comes after. */
  async #anonymousVolumes(service: PlannedService, id: string): Promise<Inherited[]> {
    const { docker } = this.#around;
    const inspected = await docker.getContainer(id).inspect();
    const image = await docker
      .getImage(inspected.Image)
      .inspect()
      .catch(() => undefined);
    const declared = Object.keys(image?.Config?.Volumes ?? {});
    const anonymous = (service.model.volumes ?? [])
      .filter(({ type, source }) => type === "volume" && !source)
      .map(({ target }) => target as string);
    return inspected.Mounts.flatMap(({ Type, Name, Destination }) =>
      Type === "volume" && Name && [...declared, ...anonymous].includes(Destination)
        ? [{ target: Destination, volume: Name }]
        : [],
    );
  }

  /** `network_mode: service:NAME` and its like name a container by then. */
  async #withReferences(service: PlannedService): Promise<PlannedService> {
    const model = { ...service.model };
    for (const key of ["network_mode", "ipc", "pid"] as const) {
      const name = /^service:(.+)$/.exec(model[key] ?? "")?.[1];
      if (name) model[key] = `container:${await this.#containerOf(name)}`;
    }
    if (model.volumes_from) {
      model.volumes_from = await Promise.all(
        model.volumes_from.map((from) => {
          const [name = "", second = ""] = from.split(":");
          return name === "container" ? second : this.#containerOf(name);
        }),
      );
    }
    return { ...service, model };
  }

  async #containerOf(name: string): Promise<string> {
    const service = this.#around.plan.services[name];
    const [first] = service ? await this.ensure(service) : [];
    if (!first) throw new Error(`the service ${name} has no container to share`);
    return first;
  }
}

function unlessStopped(error: unknown): void {
  if (statusOf(error) !== 304) unlessGone(error);
}

function unlessGone(error: unknown): void {
  const status = statusOf(error);
  // 409: somebody else is removing it at this moment.
  if (status !== 404 && status !== 409) throw error;
}
