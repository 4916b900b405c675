import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { StackProgress } from "../../main/stack/docker/supervisor.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import { Project } from "./support/project.ts";

const SLEEPER = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 1s`;
/** Healthy as soon as the file is there, which only a test makes. */
const GATED = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 1s, healthcheck: {test: [CMD, test, -e, /tmp/go], interval: 200ms, retries: 1000}`;

let project: Project;
afterEach(() => project.remove());

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the order of things", () => {
  /** When each container was started and when it ended, as the daemon has it. */
  const times = async (service: string) => {
    const { StartedAt, FinishedAt } = (await project.inspect(service)).State;
    return { started: Date.parse(StartedAt), ended: Date.parse(FinishedAt) };
  };
  const letGo = async (service: string) => {
    const docker = await project.docker();
    const container = docker.getContainer(`${project.name}-${service}-1`);
    const made = await container.exec({ Cmd: ["touch", "/tmp/go"] });
    await made.start({ Detach: true });
  };
  const stateOf = (service: string) =>
    project.inspect(service).then(
      ({ State }) => State.Status,
      () => "none",
    );

  test("what waits for nothing starts side by side; what waits, after what it waits for", async () => {
    project = new Project(`
services:
  left: {${GATED}}
  right: {${GATED}}
  both: {${SLEEPER}, depends_on: {left: {condition: service_healthy}, right: {condition: service_healthy}}}
`);
    const supervisor = await project.supervisor();
    const up = supervisor.up();
    // Neither is healthy yet, so both run only if neither waits for the other.
    await expect.poll(() => stateOf("left"), { timeout: 20_000 }).toBe("running");
    await expect.poll(() => stateOf("right"), { timeout: 20_000 }).toBe("running");
    await letGo("left");
    await expect
      .poll(() => project.inspect("left").then(({ State }) => State.Health?.Status))
      .toBe("healthy");
    expect(await stateOf("both")).toBe("created");
    await letGo("right");
    await up;
    const [left, right, both] = await Promise.all(["left", "right", "both"].map(times));
    expect(both?.started).toBeGreaterThan(Math.max(left?.started ?? 0, right?.started ?? 0));
  });

  test("who depends on another is stopped before it", async () => {
    project = new Project(`
services:
  store: {${SLEEPER}}
  app: {${SLEEPER}, depends_on: [store]}
  page: {${SLEEPER}, depends_on: [app]}
`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    await supervisor.stop();
    const [store, app, page] = await Promise.all(["store", "app", "page"].map(times));
    expect(page?.ended).toBeLessThan(app?.ended ?? 0);
    expect(app?.ended).toBeLessThan(store?.ended ?? 0);
  });

  test("who depends with restart is started again when the other is replaced; who does not, stays", async () => {
    const services = (version: number) => `
services:
  store: {${SLEEPER}, environment: {V: "${version}"}}
  follows: {${SLEEPER}, depends_on: {store: {condition: service_started, restart: true}}}
  stays: {${SLEEPER}, depends_on: {store: {condition: service_started}}}
`;
    project = new Project(services(1));
    const supervisor = await project.supervisor();
    await supervisor.up();
    const before = await Promise.all(
      ["store", "follows", "stays"].map((one) => project.inspect(one)),
    );
    project.write(services(2));
    supervisor.takePlan(project.plan());
    await supervisor.up();
    const after = await Promise.all(
      ["store", "follows", "stays"].map((one) => project.inspect(one)),
    );
    expect(after[0]?.Id).not.toBe(before[0]?.Id);
    expect(after[1]?.Id).toBe(before[1]?.Id);
    expect(after[1]?.State.StartedAt).not.toBe(before[1]?.State.StartedAt);
    expect(after[2]?.State.StartedAt).toBe(before[2]?.State.StartedAt);
    expect(supervisor.status().map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
  });

  test("several containers of one service are read as one log, with each line once and whole", async () => {
    const lines = 2000;
    project = new Project(
      `services: {a: {image: ${TEST_IMAGE}, scale: 3, command: [seq, "-w", "1", "${lines}"]}}`,
    );
    const supervisor = await project.supervisor();
    await supervisor.up();
    await supervisor.logsWritten();
    const read = async (tail: number) => {
      const found: string[] = [];
      for await (const line of supervisor.logs("a", { tail })) found.push(line);
      return found;
    };
    const all = await read(4 * lines);
    expect(all).toEqual(all.toSorted());
    const found = all.map((line) => line.slice(line.indexOf(" ") + 1));
    expect(found).toHaveLength(3 * lines);
    const each = new Map<string, number>();
    for (const line of found) each.set(line, (each.get(line) ?? 0) + 1);
    expect(each.size).toBe(lines);
    expect(new Set(each.values())).toEqual(new Set([3]));
    expect(await read(10)).toEqual(all.slice(-10));
    const leave = new AbortController();
    const followed = supervisor.logs("a", { tail: 1, follow: leave.signal });
    const last = [(await followed.next()).value, (await followed.next()).value];
    expect(all).toEqual(expect.arrayContaining(last));
    leave.abort();
    await followed.return(undefined);
  });
});

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("a build", () => {
  const write = (dockerfile: string) => {
    mkdirSync(join(project.folder, "image"), { recursive: true });
    writeFileSync(join(project.folder, "image/Dockerfile"), dockerfile);
  };

  test("tells what it does line by line, and has the limits that it is given", async () => {
    project = new Project(
      `services: {a: {build: {context: ./image, ulimits: {nofile: {soft: 123, hard: 456}}}, init: true, command: sleep 1000, stop_grace_period: 1s}}`,
    );
    write(`FROM ${TEST_IMAGE}\nRUN echo ${project.name}: $(ulimit -Sn) of $(ulimit -Hn)\n`);
    const supervisor = await project.supervisor();
    const told: StackProgress[] = [];
    await supervisor.up({ onProgress: (progress) => told.push(progress) });
    const image = `${project.name}-a`;
    const lines = told.flatMap((one) => (one.kind === "build" ? [one.line] : []));
    expect(told[0]).toMatchObject({ kind: "build", image, service: "a" });
    expect(lines[0]).toMatch(/^Step 1\/\d : FROM/);
    expect(lines).toContain(`${project.name}: 123 of 456`);
    expect(lines.at(-1)).toMatch(/^Successfully tagged/);
    const steps = told.flatMap((one) =>
      one.kind === "step" ? [`${one.step} ${one.service}`] : [],
    );
    expect(steps).toEqual(["create a", "start a"]);
    await (await project.docker()).getImage(image).remove({ force: true });
  });

  test("is made once for all that run its image, whichever of them is named first", async () => {
    const rest = "init: true, command: sleep 1000, stop_grace_period: 1s";
    const image = `breadthflow-test/shared:${process.pid}`;
    project = new Project(
      `services: {a: {image: "${image}", pull_policy: never, ${rest}}, b: {image: "${image}", build: ./image, ${rest}}}`,
    );
    write(`FROM ${TEST_IMAGE}\nRUN echo built\n`);
    const supervisor = await project.supervisor();
    const told: StackProgress[] = [];
    await supervisor.up({ onProgress: (progress) => told.push(progress) });
    expect(supervisor.status().map(({ state }) => state)).toEqual(["ready", "ready"]);
    const lines = told.flatMap((one) => (one.kind === "build" ? [one.line] : []));
    expect(lines.filter((line) => line.includes("Step 1/"))).toHaveLength(1);
    await (await project.docker()).getImage(image).remove({ force: true });
  });
});
