import { afterEach, describe, expect, test } from "vitest";
import { TEST_IMAGE } from "./support/daemon.ts";
import { Project } from "./support/project.ts";

let project: Project;
afterEach(() => project.remove());

const SERVICE = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 1s`;

async function took(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("how long it takes", () => {
  test("up with nothing to do, for 20 services: under 300 ms", async () => {
    const services = Array.from({ length: 20 }, (_, index) => `  s${index}: {${SERVICE}}`);
    project = new Project(`services:\n${services.join("\n")}\n`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    const times: number[] = [];
    for (let run = 0; run < 7; run += 1) times.push(await took(() => supervisor.up()));
    console.log(`second up of 20 services: ${Math.round(median(times))} ms`);
    expect(median(times)).toBeLessThan(300);
  });

  test("from nothing to all healthy: at most 1.1 times docker compose", async () => {
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
      await supervisor.down();
      ratios.push(ours / theirs);
    }
    console.log(`time to healthy against docker compose: ${median(ratios).toFixed(2)}`);
    expect(median(ratios)).toBeLessThan(1.1);
  }, 300_000);
});
