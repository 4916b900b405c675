import type Docker from "dockerode";
import { TypedEvent } from "../../runtime/typed-event.ts";
import { isDaemonAway, reasonOf } from "./errors.ts";
import { ofProject } from "./labels.ts";
import { type Observed, observe } from "./observed.ts";

/** What changes a container's state; the daemon is not asked for the rest, such as every check. */
const CHANGES = [
  ...["create", "start", "restart", "die", "stop", "kill", "oom", "pause", "unpause"],
  ...["destroy", "rename", "health_status"],
];
const WATCHDOG_MS = 5000;
/** A daemon that is silent for this long is away: what it told before may be true no more. */
const ANSWER_MS = 10_000;
/** When to look after an event: the daemon tells of a change a moment before its list has it. */
const SOON_MS = 15;
const LATER_MS = [120, 500] as const;
const RETRY_MS = [100, 250, 500, 1000] as const;

export interface Snapshot {
  readonly containers: readonly Observed[];
  /** Containers that ended because somebody asked them to, not by themselves. */
  readonly stopped: ReadonlySet<string>;
  /** How often the daemon has started a container again that had ended by itself. */
  readonly restarts: ReadonlyMap<string, number>;
  /** Why the daemon cannot be asked, while that is so. */
  readonly away: unknown;
}

interface DaemonEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string };
}

/**
 * A project's containers as they are: the daemon's events say when to look, and a watchdog looks
 * from time to time in case one was lost. It outlives the daemon and finds it again.
 */
export class ProjectWatch {
  readonly changed = new TypedEvent<Snapshot>();
  readonly #docker: Docker;
  readonly #project: string;
  readonly #stopped = new Set<string>();
  readonly #died = new Set<string>();
  readonly #restarts = new Map<string, number>();
  #snapshot: Snapshot;
  #stream: NodeJS.ReadableStream | undefined;
  #looking: Promise<Snapshot> | undefined;
  #lookAgain = false;
  #nextLook: NodeJS.Timeout | undefined;
  #laterLooks: NodeJS.Timeout[] = [];
  #watchdog: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(docker: Docker, project: string) {
    this.#docker = docker;
    this.#project = project;
    this.#snapshot = {
      containers: [],
      stopped: this.#stopped,
      restarts: this.#restarts,
      away: undefined,
    };
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Follows events from now on; resolves with the first look. */
  async start(): Promise<Snapshot> {
    await this.#follow();
    this.#watchdog = setInterval(() => void this.look(), WATCHDOG_MS).unref();
    return this.look();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watchdog);
    for (const due of [this.#nextLook, ...this.#laterLooks]) clearTimeout(due);
    (this.#stream as { destroy?(): void } | undefined)?.destroy?.();
  }

  /** Looks now; one look answers all who asked while it was due. */
  look(): Promise<Snapshot> {
    if (this.#looking) {
      this.#lookAgain = true;
      return this.#looking;
    }
    this.#looking = this.#lookUntilQuiet().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Resolves with what `find` finds in a look, now or later; it may throw to give up. */
  until<T>(
    find: (containers: readonly Observed[]) => T | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const first = find(this.#snapshot.containers);
      if (first !== undefined) return resolve(first);
      const leave = () => {
        unsubscribe();
        signal.removeEventListener("abort", abort);
      };
      const abort = () => {
        leave();
        reject(signal.reason);
      };
      const unsubscribe = this.changed.subscribe(({ containers }) => {
        try {
          const found = find(containers);
          if (found === undefined) return;
          leave();
          resolve(found);
        } catch (error) {
          leave();
          reject(error);
        }
      });
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
      void this.look();
    });
  }

  async #lookUntilQuiet(): Promise<Snapshot> {
    do {
      this.#lookAgain = false;
      try {
        const containers = await answered((signal) => observe(this.#docker, this.#project, signal));
        this.#snapshot = { ...this.#snapshot, containers, away: undefined };
      } catch (error) {
        this.#snapshot = { ...this.#snapshot, away: error };
      }
      if (!this.#closed) this.changed.emit(this.#snapshot);
      // Who asked while a silent daemon was waited for has the answer: it is away.
    } while (this.#lookAgain && !this.#closed && !this.#snapshot.away);
    return this.#snapshot;
  }

  async #follow(attempt = 0): Promise<void> {
    if (this.#closed) return;
    try {
      const stream = await this.#docker.getEvents({
        filters: { type: ["container"], event: CHANGES, ...ofProject(this.#project) },
      });
      this.#stream = stream;
      let over = false;
      const again = () => {
        if (over) return;
        over = true;
        void this.look();
        this.#retry(0);
      };
      let rest = "";
      stream.on("data", (chunk) => {
        const lines = `${rest}${String(chunk)}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") this.#remember(JSON.parse(line) as DaemonEvent);
        this.#lookSoon();
      });
      stream.once("end", again);
      stream.once("error", again);
      stream.once("close", again);
      if (attempt > 0) void this.look();
    } catch (error) {
      if (attempt === 0 && !isDaemonAway(error)) throw new Error(reasonOf(error), { cause: error });
      this.#retry(attempt + 1);
    }
  }

  #lookSoon(): void {
    // The first look stays due when it was, so that a stream of events cannot put it off.
    this.#nextLook ??= setTimeout(() => {
      this.#nextLook = undefined;
      void this.look();
    }, SOON_MS);
    for (const due of this.#laterLooks) clearTimeout(due);
    this.#laterLooks = LATER_MS.map((after) => setTimeout(() => void this.look(), after));
  }

  /** What the list of containers does not tell: whether an end was wanted. */
  #remember({ Action: action, Actor: { ID: id } }: DaemonEvent): void {
    if (action === "die") this.#died.add(id);
    if (action === "stop") this.#stopped.add(id);
    if (action !== "start") return;
    if (this.#died.delete(id) && !this.#stopped.has(id)) {
      this.#restarts.set(id, (this.#restarts.get(id) ?? 0) + 1);
    }
    this.#stopped.delete(id);
  }

  #retry(attempt: number): void {
    const pause = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
    setTimeout(
      () => void this.#follow(attempt + 1).catch(() => this.#retry(attempt + 1)),
      pause,
    ).unref();
  }
}

async function answered<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(ANSWER_MS);
  try {
    return await ask(late);
  } catch (error) {
    throw late.aborted ? new Error(`no answer within ${ANSWER_MS / 1000} s`) : error;
  }
}
