import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../contract/run.ts";
import { StepName } from "../../contract/step.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

/** Whoever is killed with -9 at whatever step: the same command again completes the run. */
describe("kill -9", () => {
  let cli: CommandLine;
  let idea: string;
  let prices: string;
  let undisturbed: RunResult;

  beforeAll(async () => {
    const calm = await CommandLine.inNewWorkspace();
    try {
      await prepare(calm);
      undisturbed = await calm.json<RunResult>("run", idea, "--data", prices);
    } finally {
      await calm.remove();
    }
    cli = await CommandLine.inNewWorkspace();
    await prepare(cli);
  });
  afterAll(() => cli.remove());

  async function prepare(in_: CommandLine): Promise<void> {
    idea = join(in_.workspace, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    prices = await writePanel(in_.workspace);
  }

  it("of the owner process during each step loses nothing that was finished", async () => {
    let finished = 0;
    for (const step of StepName.options) {
      const running = cli.run("run", idea, "--data", prices, "--json");
      const reached = await stepBegins(cli, step, running);
      if (!reached) break;
      await killOwner(cli);
      const ended = await running;
      expect(ended.code, `the command ends with an error when ${step} is cut off`).not.toBe(0);

      const states = await cli.json<{ run: string; state: string }[]>("runs");
      expect(states[0]?.state).toBe("interrupted");
      const kept = await cli.json<RunResult>("runs", "show", states[0]?.run as string);
      const done = kept.steps.filter((one) => ["done", "cached"].includes(one.state)).length;
      expect(done).toBeGreaterThanOrEqual(finished);
      finished = done;
    }
    const run = await cli.json<RunResult>("run", idea, "--data", prices);
    expect(run.state).toBe("done");
    expect(run.metrics).toEqual(undisturbed.metrics);
    expect(run.model?.version).toBe("1");
  });

  it.each(["engine", "mlflow"])("of %s is healed", async (service) => {
    const { services } = await cli.json<{ services: { name: string; pid: number | null }[] }>(
      "doctor",
    );
    const pid = services.find((one) => one.name === service)?.pid;
    expect(pid).toBeTypeOf("number");
    process.kill(pid as number, "SIGKILL");
    const changed = join(cli.workspace, "changed.idea.yaml");
    await writeFile(changed, SMALL_IDEA.replace("seed: 3", `seed: ${service.length}`));
    const run = await cli.json<RunResult>("run", changed, "--data", prices);
    expect(run.state).toBe("done");
  });
});

/** Waits until the run's log in the index shows the step at work; false if the run ends first. */
async function stepBegins(
  cli: CommandLine,
  step: StepName,
  running: Promise<unknown>,
): Promise<boolean> {
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  while (!ended) {
    const [latest] = await cli.json<{ run: string; state: string }[]>("runs");
    if (latest?.state === "running") {
      const shown = await cli.json<RunResult>("runs", "show", latest.run);
      if (shown.steps.find((one) => one.name === step)?.state === "running") return true;
    }
    await sleep(20);
  }
  return false;
}

async function killOwner(cli: CommandLine): Promise<void> {
  const text = await readFile(join(cli.workspace, "run", "owner.json"), "utf8");
  process.kill((JSON.parse(text) as { pid: number }).pid, "SIGKILL");
}
