import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../contract/problem.ts";
import type { RunEvent, RunResult } from "../../contract/run.ts";
import { StepName } from "../../contract/step.ts";
import { identify } from "../../main/runtime/processes.ts";
import { attach } from "../../main/shells/cli/attach.ts";
import { childrenOf } from "./children.ts";
import { CommandLine } from "./command-line.ts";
import { FollowedRun } from "./followed-run.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

/** A short step on a busy machine may be over before it can be halted. */
const ATTEMPTS = 6;
/** Long enough for what a worker has said before it was halted to be known everywhere. */
const SETTLED_MS = 300;

type Arguments = readonly [idea: string, option: string, prices: string];
type Status = { services: { name: string; pid: number | null; port: number | null }[] };
/** A run whose worker stands still in the middle of a step. */
type Halted = { args: Arguments; run: FollowedRun; engine: number; worker: number };

/** Whoever is killed with -9 at whatever step: the same command again completes the run. */
describe("kill -9", () => {
  let cli: CommandLine;
  let markets = 0;
  let undisturbed: RunResult;

  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
    undisturbed = await cli.json<RunResult>("run", ...(await command("undisturbed")));
  });
  afterAll(() => cli.remove());

  it.each(StepName.options)(
    "of the owner process during %s loses nothing that was finished",
    async (step) => {
      const { args, run, worker } = await halted("owner", step);
      await run.killOwner();
      process.kill(worker, "SIGCONT");
      const ended = await run.ended;
      await run.close();
      expect(ended.code).not.toBe(0);
      expect((JSON.parse(ended.stdout) as { error: Problem }).error.code).toBe(
        "workspace.owner_lost",
      );

      const cut = await cli.json<RunResult>("runs", "show", run.run);
      expect(cut.state).toBe("interrupted");
      const at = StepName.options.indexOf(step);
      expect(cut.steps.map(({ state }) => state)).toEqual(
        StepName.options.map((_, index) => (index < at ? "done" : "waiting")),
      );
      const again = await cli.json<RunResult>("run", ...args);
      expectUndisturbed(again);
      for (const { name, state } of again.steps.slice(0, at)) expect(state, name).toBe("cached");
    },
  );

  it.each(["ingest", "train", "register"] as const)(
    "of the engine during %s is healed within the run",
    async (step) => {
      const { run, engine, worker } = await halted("engine", step);
      process.kill(engine, "SIGKILL");
      process.kill(worker, "SIGCONT");
      const ended = await run.ended;
      await run.close();
      expect(ended.code, ended.stderr).toBe(0);
      expectUndisturbed(JSON.parse(ended.stdout) as RunResult);
      expect(await pidOf("engine")).not.toBe(engine);
    },
  );

  it.each(["ingest", "train", "register"] as const)(
    "of the worker during %s ends the run with what to do, and that does",
    async (step) => {
      const { args, run, worker } = await halted("worker", step);
      process.kill(worker, "SIGKILL");
      const ended = await run.ended;
      await run.close();
      expect(ended.code).toBe(1);
      const { state, problem, steps } = JSON.parse(ended.stdout) as RunResult;
      expect(state).toBe("failed");
      expect(problem?.code).toBe("engine.worker_died");
      expect(problem?.detail).toContain(step);
      expect(problem?.detail).toContain("SIGKILL");
      expect(problem?.hint).toContain("Run it again");
      expect(steps.find(({ name }) => name === step)?.state).toBe("failed");
      expectUndisturbed(await cli.json<RunResult>("run", ...args));
    },
  );

  it("of MLflow in the middle of the registration leaves one version all the same", async () => {
    const { args, run, worker } = await halted(
      "mlflow",
      "register",
      (event) =>
        // It has begun to write.
        event.type === "news" && event.news.kind === "progress" && event.news.fraction > 0.1,
    );
    process.kill(await run.pidOf("mlflow"), "SIGKILL");
    process.kill(worker, "SIGCONT");
    const ended = await run.ended;
    await run.close();
    const cut = JSON.parse(ended.stdout) as RunResult;
    // It is up again after some seconds, which the step waits for, but not for ever.
    if (cut.state === "done") expectUndisturbed(cut);
    else {
      expect(cut.problem?.code).toBe("register.unreachable");
      expect(cut.problem?.hint).toContain("run the idea again");
    }
    const again = await cli.json<RunResult>("run", ...args);
    expectUndisturbed(again);
    expect(await registered(again.idea)).toEqual(["1"]);
  });

  it("of the owner process leaves nothing that `stop` does not end", async () => {
    const pids = await Promise.all([pidOf("engine"), pidOf("mlflow")]);
    await killOwner(cli.workspace);
    expect(await alive(pids)).toEqual(pids);
    const { stopped } = await cli.json<{ stopped: string[] }>("stop");
    expect(stopped.toSorted()).toEqual(["engine", "mlflow"]);
    expect(await alive(pids)).toEqual([]);
  });

  /**
   * What follows `run` to test the small idea on the same prices some weeks later: nothing of it is
   * in the cache, no trial was made on them, and the same numbers must come out.
   */
  async function command(name: string): Promise<Arguments> {
    const idea = join(cli.workspace, `${name}.idea.yaml`);
    await writeFile(idea, SMALL_IDEA.replace("id: small", `id: ${name}`));
    markets += 1;
    const first = new Date(Date.UTC(2015, 0, 5 + 7 * markets)).toISOString().slice(0, 10);
    return [idea, "--data", await writePanel(cli.workspace, { name, first })];
  }

  /** A new run whose worker is halted in the middle of the step, or where the step says `at`. */
  async function halted(
    who: string,
    step: StepName,
    at: (event: RunEvent) => boolean = (event) =>
      event.type === "step" && event.state === "running",
  ): Promise<Halted> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const args = await command(`${who}-${step}-${attempt}`);
      const engine = await pidOf("engine");
      const [worker] = childrenOf(engine);
      if (!worker) throw new Error("The engine has no worker.");
      const run = await FollowedRun.start(cli, ...args);
      await run.when(
        (event) => "step" in event && event.step === step && at(event),
        () => process.kill(worker, "SIGSTOP"),
      );
      await sleep(SETTLED_MS);
      if ((await run.stateOf(step)) === "running") return { args, run, engine, worker };
      process.kill(worker, "SIGCONT");
      await run.ended;
      await run.close();
    }
    throw new Error(`${step} was ${ATTEMPTS} times over before it could be halted.`);
  }

  async function statusOf(service: string): Promise<{ pid: number; port: number }> {
    const { services } = await cli.json<Status>("doctor");
    const { pid, port } = services.find(({ name }) => name === service) ?? {};
    if (pid && port) return { pid, port };
    throw new Error(`The service ${service} does not run.`);
  }

  async function pidOf(service: string): Promise<number> {
    return (await statusOf(service)).pid;
  }

  /** The versions of a model that MLflow itself knows. */
  async function registered(model: string): Promise<string[]> {
    const { port } = await statusOf("mlflow");
    const filter = encodeURIComponent(`name='${model}'`);
    const url = `http://127.0.0.1:${port}/api/2.0/mlflow/model-versions/search?filter=${filter}`;
    const found = (await (await fetch(url)).json()) as { model_versions: { version: string }[] };
    return found.model_versions.map(({ version }) => version);
  }

  /** A run came to the end that it would have come to, with one version of its model. */
  function expectUndisturbed(run: RunResult): void {
    expect(run.state).toBe("done");
    expect(run.metrics).toEqual(undisturbed.metrics);
    expect(run.verdict).toBe(undisturbed.verdict);
    expect(run.model).toEqual({ name: run.idea, version: "1" });
  }
});

async function killOwner(workspace: string): Promise<void> {
  const { owner, lost, close } = await attach(workspace);
  process.kill(owner.pid, "SIGKILL");
  await lost.catch(() => undefined);
  await close();
}

/** Those that run; a process that has ended and that nobody has asked after yet does not. */
async function alive(pids: readonly number[]): Promise<number[]> {
  const found = await Promise.all(pids.map((pid) => identify(pid)));
  return found.flatMap((one) => (one ? [one.pid] : []));
}
