import { afterEach, describe, expect, test } from "vitest";
import { median, took } from "../bench/support/timing.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import { Project } from "./support/project.ts";

let project: Project;
afterEach(() => project.remove());

const SERVICE = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 1s`;

/** Figures are printed, not judged: they say little on a machine that runs other tests. */
describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("how long it takes", () => {
  test("up with nothing to do touches none of 20 services", async () => {
    const services = Array.from({ length: 20 }, (_, index) => `  s${index}: {${SERVICE}}`);
    project = new Project(`services:\n${services.join("\n")}\n`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    const before = await project.inspect("s19");
    const times: number[] = [];
    for (let run = 0; run < 7; run += 1) times.push(await took(() => supervisor.up()));
    console.log(`second up of 20 services: ${Math.round(median(times))} ms`);
    const after = await project.inspect("s19");
    expect(after.Id).toBe(before.Id);
    expect(after.State.StartedAt).toBe(before.State.StartedAt);
  });

  test("from nothing to all healthy, in turns with docker compose", async () => {
    const check = "healthcheck: {test: [CMD, test, -d, /tmp], interval: 500ms}";
    project = new Project(`
services:
  store: {${SERVICE}, ${check}}
  step: {image: ${TEST_IMAGE}, command: "true", depends_on: {store: {condition: service_healthy}}}
  app: {${SERVICE}, ${check}, depends_on: {step: {condition: service_completed_successfully}}}
  other: {${SERVICE}, ${check}}
`);
    const supervisor = await project.supervisor();
    const ratios: number[] = [];
    for (let pair = 0; pair < 3; pair += 1) {
      const theirs = await took(() => project.compose("up", "--detach", "--wait"));
      project.compose("down", "--timeout", "0");
      const ours = await took(() => supervisor.up());
      expect((await project.inspect("app")).State.Health?.Status).toBe("healthy");
      await supervisor.down();
      ratios.push(ours / theirs);
    }
    console.log(`time to healthy against docker compose: ${median(ratios).toFixed(2)}`);
    expect(ratios).toHaveLength(3);
  }, 300_000);
});
