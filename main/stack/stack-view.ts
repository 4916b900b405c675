import { setTimeout as sleep } from "node:timers/promises";
import type { ProfileView, ServiceUsage, ServiceView } from "../../contract/service.ts";
import { TypedEvent } from "../runtime/typed-event.ts";
import type { StackProgress } from "./docker/supervisor.ts";
import { refuseUnknownProfiles, unknownService } from "./services.ts";
import type { StackSupervisor } from "./stack-supervisor.ts";

/** How often usage is measured while somebody looks. */
const LOOK_MS = 2000;
/** Lines are sent together: a service that writes thousands a second costs few messages. */
const GATHER_MS = 100;
const MAX_LINES_A_MESSAGE = 2000;

type Supervisor = ServiceView["supervisor"];

/** The stack as a person sees it: states, what it uses, what it says, whoever runs it. */
export class StackView {
  readonly progress = new TypedEvent<StackProgress>();
  /** Somebody has services ended, and wants them to stay so. */
  readonly ended = new TypedEvent<void>();
  /** What others know of a service in a container, to be told with its own notices. */
  readonly remarks = new Map<string, () => string | null>();
  readonly #supervisors: Readonly<Record<Supervisor, StackSupervisor>>;

  constructor(native: StackSupervisor, docker: StackSupervisor) {
    this.#supervisors = { native, docker };
    for (const one of [native, docker]) {
      one.progress.subscribe((progress) => this.progress.emit(progress));
    }
  }

  async list(): Promise<ServiceView[]> {
    return (await Promise.all(this.#all.map((one) => this.#listOf(one)))).flat();
  }

  /** Each profile once, with all who can run it. */
  profiles(): ProfileView[] {
    const found = new Map<string, ProfileView>();
    for (const one of this.#all.flatMap((supervisor) => supervisor.profiles())) {
      const before = found.get(one.profile);
      found.set(one.profile, {
        profile: one.profile,
        services: [...new Set([...(before?.services ?? []), ...one.services])],
        supervisors: [...(before?.supervisors ?? []), ...one.supervisors],
      });
    }
    return [...found.values()];
  }

  async up(
    supervisor: Supervisor,
    options: { profiles: readonly string[]; build?: boolean },
  ): Promise<void> {
    this.#refuseUnknown(options.profiles);
    await this.#supervisors[supervisor].up(options);
  }

  async down(
    supervisor: Supervisor,
    options: { profiles?: readonly string[]; volumes?: boolean },
  ): Promise<void> {
    this.#refuseUnknown(options.profiles ?? []);
    this.ended.emit();
    await this.#supervisors[supervisor].down(options);
  }

  async start(service: string, supervisor: Supervisor): Promise<ServiceView> {
    await this.#supervisors[supervisor].start(service);
    return this.#one(service, supervisor);
  }

  async restart(services: readonly string[], supervisor: Supervisor): Promise<ServiceView[]> {
    await this.#supervisors[supervisor].restart(services);
    return Promise.all(services.map((service) => this.#one(service, supervisor)));
  }

  async stop(service: string, supervisor: Supervisor): Promise<ServiceView> {
    this.ended.emit();
    await this.#supervisors[supervisor].stop(service);
    return this.#one(service, supervisor);
  }

  /** What each running service uses, measured only while somebody iterates. */
  async *usage(signal?: AbortSignal): AsyncGenerator<ServiceUsage[]> {
    while (!signal?.aborted) {
      yield await this.#measured();
      await sleep(LOOK_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  /** Bytes that all running services together take up. */
  async memory(): Promise<number> {
    return (await this.#measured()).reduce((sum, { memory }) => sum + memory, 0);
  }

  async #measured(): Promise<ServiceUsage[]> {
    return (await Promise.all(this.#all.map((one) => one.usage()))).flat();
  }

  /** The last `tail` lines of a service's log, then further ones as they come, some at a time. */
  async *logs(
    service: string,
    tail: number,
    signal: AbortSignal,
    supervisor: Supervisor,
  ): AsyncGenerator<string[]> {
    const source = this.#supervisors[supervisor];
    const done = new AbortController();
    signal.addEventListener("abort", () => done.abort(), { once: true });
    const pending: string[] = [];
    let wake: () => void = () => undefined;
    let ended = false;
    const reading = (async () => {
      for await (const line of source.logs(service, { tail, follow: done.signal })) {
        pending.push(line);
        // A reader that is slower than the service sees the newest lines, and a gap before them.
        if (pending.length > 5 * MAX_LINES_A_MESSAGE) pending.splice(0, pending.length / 2);
        wake();
      }
    })().finally(() => {
      ended = true;
      wake();
    });
    try {
      while (!ended || pending.length > 0) {
        if (pending.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        await sleep(GATHER_MS);
        if (pending.length > 0) yield pending.splice(0, MAX_LINES_A_MESSAGE);
      }
      await reading;
    } finally {
      done.abort();
    }
  }

  /** Before either is asked, who knows no more than its own. */
  #refuseUnknown(profiles: readonly string[]): void {
    refuseUnknownProfiles(
      profiles,
      this.profiles().map(({ profile }) => profile),
    );
  }

  async #listOf(supervisor: StackSupervisor): Promise<ServiceView[]> {
    const views = await supervisor.list();
    if (supervisor.name !== "docker") return views;
    return views.map((view) => {
      const remark = this.remarks.get(view.service)?.();
      return remark ? { ...view, notices: [...view.notices, remark] } : view;
    });
  }

  get #all(): StackSupervisor[] {
    return Object.values(this.#supervisors);
  }

  async #one(service: string, supervisor: Supervisor): Promise<ServiceView> {
    const all = await this.#listOf(this.#supervisors[supervisor]);
    const found = all.find((one) => one.service === service);
    if (found) return found;
    throw unknownService(
      service,
      all.map((one) => one.service),
    );
  }
}
