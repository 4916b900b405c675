import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Problem, problemOf, WorkbenchError } from "../../../contract/problem.ts";
import { ServiceLog } from "../../runtime/log-files.ts";
import { describeHolder } from "../../runtime/port-holder.ts";
import type { Ports } from "../../runtime/ports.ts";
import { endTree, isAlive } from "../../runtime/processes.ts";
import { CAUSE_LINES } from "../failure-cause.ts";
import type {
  ServiceCommand,
  ServicePorts,
  ServiceSpec,
  ServiceState,
  ServiceStatus,
} from "../service.ts";
import { crashProblem, hungProblem, startFailure } from "./failures.ts";
import { type Liveness, untilHung, wait, waitUntilReady } from "./readiness.ts";
import { adoptedProcess, type Exit, type Running, spawnService } from "./running-process.ts";
import type { ServiceRecord, ServiceRecords } from "./service-records.ts";

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Crashes in a row after which it is given up. */
  readonly attempts: number;
  /** A service that was ready this long starts counting its crashes anew. */
  readonly stableMs: number;
}

const ADOPTION_DEADLINE_MS = 3000;
const REAPED_MS = 1000;

interface Surroundings {
  readonly ports: Ports;
  readonly records: ServiceRecords;
  readonly logFile: string;
  readonly backoff: Backoff;
  readonly liveness: Liveness;
  readonly onChange: (status: ServiceStatus) => void;
}

/** The life of one service: start, readiness, crash, backoff, adoption, stop. */
export class SupervisedService {
  readonly spec: ServiceSpec;
  readonly log: ServiceLog;
  readonly #around: Surroundings;
  #state: ServiceState = "stopped";
  #since: string | null = null;
  #ports: ServicePorts = {};
  #running: Running | undefined;
  #problem: Problem | null = null;
  #notices: string[] = [];
  #restarts = 0;
  #adopted = false;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Aborted when somebody wants it stopped: ends waits for readiness and for the next restart. */
  #wanted = new AbortController();

  constructor(spec: ServiceSpec, around: Surroundings) {
    this.spec = spec;
    this.#around = around;
    this.log = new ServiceLog(around.logFile);
  }

  get status(): ServiceStatus {
    return {
      name: this.spec.name,
      state: this.#state,
      since: this.#since,
      pid: this.#running?.identity.pid ?? null,
      ports: this.#ports,
      inside: { host: "127.0.0.1", ports: this.#ports },
      restarts: this.#restarts,
      adopted: this.#adopted,
      log: this.log.path,
      notices: this.#notices,
      problem: this.#problem,
    };
  }

  /** Resolves when it is ready; rejects with what went wrong, and leaves nothing running. */
  async start(): Promise<void> {
    await this.#stopping;
    if (this.#state === "ready") return;
    if (this.#starting) return this.#starting;
    if (this.#state === "backing_off") {
      await this.stop();
      // Of several that asked meanwhile, the first starts it and the others wait for that.
      return this.start();
    }
    this.#wanted = new AbortController();
    this.#restarts = 0;
    this.#notices = [];
    this.#starting = this.#firstStart(this.#wanted.signal).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  async #firstStart(signal: AbortSignal): Promise<void> {
    this.#move("starting");
    try {
      const found = (await this.#around.records.all())[this.spec.name];
      const running = (found && (await this.#adopt(found, signal))) ?? (await this.#launch(signal));
      this.#becomeReady(running, signal);
    } catch (error) {
      if (signal.aborted) this.#move("stopped");
      else this.#move("failed", problemOf(error));
      throw error;
    }
  }

  /** The process of a crashed workbench, if it is ours, the same and well; ends it otherwise. */
  async #adopt(record: ServiceRecord, signal: AbortSignal): Promise<Running | undefined> {
    const identity = { pid: record.pid, started: record.started };
    if (await isAlive(identity)) {
      const command = await this.spec.prepare(record.ports);
      const same = (await this.#fingerprint(command)) === record.fingerprint;
      const check = { ...this.spec.ready, deadlineMs: ADOPTION_DEADLINE_MS };
      if (same && (await waitUntilReady(check, record.ports, signal))) {
        this.#ports = record.ports;
        this.#adopted = true;
        this.log.note(`adopted process ${record.pid}`);
        return adoptedProcess(identity);
      }
    }
    await endTree(identity, this.spec.stopGraceMs);
    await this.#around.records.delete(this.spec.name);
    return undefined;
  }

  async #launch(signal: AbortSignal): Promise<Running> {
    this.#adopted = false;
    this.spec.beforeLaunch?.();
    const ports = await this.#claimPorts();
    this.#ports = ports;
    const command = await this.spec.prepare(ports);
    signal.throwIfAborted();
    await this.log.rotateIfFull();
    const logStart = await this.log.size();
    const running = await this.#spawn(command, ports);
    this.#running = running;
    this.#announce();

    const ended = new AbortController();
    let exit: Exit | null = null;
    void running.exited.then((how) => {
      exit = how;
      ended.abort();
    });
    const ready = await waitUntilReady(
      this.spec.ready,
      ports,
      AbortSignal.any([signal, ended.signal]),
    );
    if (ready && exit === null && !signal.aborted) return running;
    // As it is now: ending the process below is not how it failed.
    const failedExit = exit;
    await this.#endRunning();
    signal.throwIfAborted();
    throw await startFailure({
      name: this.spec.name,
      ports,
      log: this.log.path,
      lines: await this.log.tail(CAUSE_LINES, logStart),
      exit: failedExit,
      deadlineMs: this.spec.ready.deadlineMs,
    });
  }

  async #claimPorts(): Promise<ServicePorts> {
    const claimed: Record<string, number> = {};
    for (const name of this.spec.ports) {
      const { port, gaveUp } = await this.#around.ports.claim(`${this.spec.name}.${name}`);
      claimed[name] = port;
      if (!gaveUp) continue;
      const holder = describeHolder(gaveUp.holder);
      const notice = `Port ${gaveUp.port} is held by ${holder}; ${this.spec.name} uses ${port}.`;
      this.#notices = [...this.#notices, notice];
      this.log.note(notice);
    }
    return claimed;
  }

  async #spawn(command: ServiceCommand, ports: ServicePorts): Promise<Running> {
    const running = await spawnService(this.spec.name, command, this.log);
    await this.#around.records.set(this.spec.name, {
      ...running.identity,
      ports,
      fingerprint: await this.#fingerprint(command),
    });
    return running;
  }

  #becomeReady(running: Running, signal: AbortSignal): void {
    this.#running = running;
    this.#move("ready");
    const readySince = performance.now();
    const ended = new AbortController();
    const watched = AbortSignal.any([signal, ended.signal]);
    let problem: Problem | undefined;
    void untilHung(this.spec.ready, this.#ports, this.#around.liveness, watched).then((seconds) => {
      if (seconds === undefined) return;
      problem = hungProblem(this.spec.name, seconds, this.log.path);
      void endTree(running.identity, this.spec.stopGraceMs);
    });
    void running.exited.then(async (exit) => {
      ended.abort();
      if (signal.aborted || this.#running !== running) return;
      if (performance.now() - readySince > this.#around.backoff.stableMs) this.#restarts = 0;
      await this.#recover(problem ?? crashProblem(this.spec.name, exit, this.log.path), signal);
    });
  }

  /** After a crash: waits longer and longer, starts again, gives up at last. */
  async #recover(found: Problem, signal: AbortSignal): Promise<void> {
    const { backoff } = this.#around;
    // Children may have outlived it, and would hold its port.
    await this.#endRunning();
    let problem = found;
    this.log.note(problem.detail);
    if (this.spec.restart === "never") return this.#move("failed", problem);
    while (this.#restarts < backoff.attempts) {
      this.#move("backing_off", problem);
      await wait(Math.min(backoff.maxMs, backoff.firstMs * 2 ** this.#restarts), signal);
      if (signal.aborted) return;
      this.#restarts += 1;
      this.#move("starting", problem);
      // Who asks for it now waits for this start: a second one would fight it for port and record.
      this.#starting = this.#launch(signal)
        .then((running) => this.#becomeReady(running, signal))
        .finally(() => {
          this.#starting = undefined;
        });
      try {
        return await this.#starting;
      } catch (error) {
        if (signal.aborted) return;
        problem = problemOf(error);
        this.log.note(problem.detail);
      }
    }
    this.#move("failed", problem);
  }

  async #stop(): Promise<void> {
    if (this.#state === "stopped") return;
    this.#wanted.abort(
      new WorkbenchError({
        code: "service.stopped",
        detail: `${this.spec.name} was stopped while it was starting.`,
        hint: "Start it again if it is needed.",
        where: { service: this.spec.name },
      }),
    );
    if (this.#running) this.#move("stopping");
    // A start under way ends its own process once it sees the abort.
    await this.#starting?.catch(() => undefined);
    await this.#endRunning();
    this.#move("stopped");
  }

  async #endRunning(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    await endTree(running.identity, this.spec.stopGraceMs);
    // Its pid is free only when the system has told of its end, a moment later; one that cannot be
    // ended never is.
    await Promise.race([running.exited, sleep(REAPED_MS, undefined, { ref: false })]);
    if (this.#running !== running) return;
    this.#running = undefined;
    await this.#around.records.delete(this.spec.name);
  }

  #move(state: ServiceState, problem: Problem | null = null): void {
    this.#state = state;
    this.#problem = problem;
    this.#since = new Date().toISOString();
    this.#announce();
  }

  #announce(): void {
    this.#around.onChange(this.status);
  }

  async #fingerprint(command: ServiceCommand): Promise<string> {
    const env = Object.entries(command.env).sort(([a], [b]) => (a < b ? -1 : 1));
    const all = [command.executable, command.args, env, command.cwd, await this.spec.revision()];
    return createHash("sha256").update(JSON.stringify(all)).digest("hex");
  }
}
