import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { STEP_ORDER } from "../../../main/pipeline/steps.ts";
import { DiskEngine } from "./disk-engine.ts";
import { csv, folder, idea, open } from "./fixture.ts";

/** Runs an idea in another process and kills that with -9 in the middle of a step. */
async function killDuring(step: string, workspace: string, bars: string): Promise<void> {
  const owner: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, "killed-owner.ts"), workspace, bars, step],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exit = once(owner, "exit");
  if (!owner.stdout) throw new Error("The owner's output is not piped.");
  const [reached] = await Promise.race([once(owner.stdout, "data"), exit]);
  expect(String(reached)).toBe(`${step}\n`);
  owner.kill("SIGKILL");
  await exit;
}

describe.each(STEP_ORDER)("a run whose owner is killed during %s", (step) => {
  it("loses nothing that was finished, and is resumed", async () => {
    const root = folder();
    const bars = csv(join(root, "bars.csv"), "one");
    await killDuring(step, join(root, "workspace"), bars);

    const engine = new DiskEngine();
    const { pipeline, index } = open(join(root, "workspace"), engine);
    onTestFinished(() => index.close());
    const [run] = pipeline.recover();
    if (!run) throw new Error("No run was found interrupted.");
    expect(pipeline.recover()).toEqual([]);
    const before = STEP_ORDER.slice(0, STEP_ORDER.indexOf(step));
    const interrupted = await pipeline.result(run);
    expect(interrupted.state).toBe("interrupted");
    expect(interrupted.steps.filter(({ state }) => state === "done")).toHaveLength(before.length);
    expect(interrupted.steps.filter(({ state }) => state === "running")).toEqual([]);

    const resumed = await pipeline.resume(run).done;
    expect(resumed.state).toBe("done");
    expect(engine.requests.map((request) => request.step)).toEqual(STEP_ORDER.slice(before.length));
    expect(index.trials.count(idea().universe.data)).toBe(3);
    const events = [];
    for await (const { event } of pipeline.events(run)) {
      if (event.type === "ended") events.push(event.state);
    }
    expect(events).toEqual(["interrupted", "done"]);

    const again = await pipeline.start(idea(), { data: [bars] }).done;
    expect(again.steps.every(({ cached }) => cached)).toBe(true);
  });
});
