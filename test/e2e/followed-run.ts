import { setTimeout as sleep } from "node:timers/promises";
import type { RunId } from "../../contract/ids.ts";
import type { RunEvent, RunOverview } from "../../contract/run.ts";
import type { StepName } from "../../contract/step.ts";
import { type Attached, attach } from "../../main/shells/cli/attach.ts";
import type { CommandLine, Ended } from "./command-line.ts";

/** A `run` command in a process of its own, and beside it the events that it is told itself. */
export class FollowedRun {
  readonly run: RunId;
  /** How the command ends. */
  readonly ended: Promise<Ended>;
  readonly #owner: Attached;

  private constructor(owner: Attached, run: RunId, ended: Promise<Ended>) {
    this.#owner = owner;
    this.run = run;
    this.ended = ended;
  }

  static async start(cli: CommandLine, ...args: string[]): Promise<FollowedRun> {
    const owner = await attach(cli.workspace);
    const list = () => owner.client.runs.list.query();
    const before = new Set((await list()).map(({ run }) => run));
    const ended = cli.run("run", ...args, "--json");
    let over = false;
    void ended.then(() => {
      over = true;
    });
    while (!over) {
      const begun = (await list()).find(({ run }) => !before.has(run));
      if (begun) return new FollowedRun(owner, begun.run, ended);
      await sleep(5);
    }
    throw new Error(`The command ended before its run began: ${(await ended).stderr}`);
  }

  /**
   * Calls `act` in the moment in which the run first tells of what is awaited; a run that ends
   * without having told of it is an error.
   */
  when(awaited: (event: RunEvent) => boolean, act: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let seen = false;
      const subscription = this.#owner.client.runs.watch.subscribe(
        { run: this.run },
        {
          onData: ({ event }) => {
            if (seen || !awaited(event)) return;
            seen = true;
            act();
            resolve();
            subscription.unsubscribe();
          },
          onError: reject,
          onComplete: () => reject(new Error("The run ended without what was awaited.")),
        },
      );
    });
  }

  async stateOf(step: StepName): Promise<RunOverview["steps"][number]["state"] | undefined> {
    const { steps } = await this.#owner.client.runs.overview.query({ run: this.run });
    return steps.find(({ name }) => name === step)?.state;
  }

  async pidOf(service: string): Promise<number> {
    const { services } = await this.#owner.client.system.status.query();
    const pid = services.find(({ name }) => name === service)?.pid;
    if (pid) return pid;
    throw new Error(`The service ${service} does not run.`);
  }

  /** Kills the workspace's owner with -9 and waits until it is gone. */
  async killOwner(): Promise<void> {
    process.kill(this.#owner.owner.pid, "SIGKILL");
    await this.#owner.lost.catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#owner.close();
  }
}
