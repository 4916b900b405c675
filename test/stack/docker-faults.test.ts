import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { problemOf } from "../../contract/problem.ts";
import type { DockerSupervisor } from "../../main/stack/docker/supervisor.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import { Project } from "./support/project.ts";

const projects: Project[] = [];
afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
});

function projectOf(services: string): Project {
  const project = new Project(services);
  projects.push(project);
  return project;
}

const SLEEPER = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 1s`;

async function problemIn(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    return problemOf(error);
  }
  throw new Error("nothing went wrong");
}

function stateOf(supervisor: DockerSupervisor, service: string) {
  return supervisor.status().find((one) => one.service === service)?.state;
}

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("containers that die", () => {
  test("a killed container is shown as failed at once, and up mends it", async () => {
    const project = projectOf(`services: {a: {${SLEEPER}}, b: {${SLEEPER}}}`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    const { State } = await project.inspect("a");
    const untouched = (await project.inspect("b")).Id;
    const killed = performance.now();
    process.kill(State.Pid, "SIGKILL");
    await expect
      .poll(() => stateOf(supervisor, "a"), { interval: 5, timeout: 10_000 })
      .toBe("failed");
    console.log(`a killed container was shown after ${Math.round(performance.now() - killed)} ms`);
    await supervisor.up();
    expect(stateOf(supervisor, "a")).toBe("ready");
    expect((await project.inspect("b")).Id).toBe(untouched);
  });

  test("one with a restart policy comes back by itself, and is counted", async () => {
    const project = projectOf(`services: {a: {${SLEEPER}, restart: always}}`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    process.kill((await project.inspect("a")).State.Pid, "SIGKILL");
    await expect.poll(() => supervisor.status()[0]?.restarts, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => stateOf(supervisor, "a"), { timeout: 10_000 }).toBe("ready");
  });

  test("one that ends again and again is given up, with its last line", async () => {
    const project = projectOf(
      `services: {a: {image: ${TEST_IMAGE}, command: [sh, -c, "echo broken; exit 3"], restart: always}}`,
    );
    const problem = await problemIn((await project.supervisor()).up());
    expect(problem).toMatchObject({ code: "docker.keeps_ending", where: { service: "a" } });
    expect(problem.detail).toContain("broken");
  });
});

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("what cannot start says why", () => {
  test("a port that another program has", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as AddressInfo;
    const project = projectOf(`services: {a: {${SLEEPER}, ports: ["127.0.0.1:${port}:80"]}}`);
    const supervisor = await project.supervisor();
    const problem = await problemIn(supervisor.up());
    expect(problem).toMatchObject({
      code: "docker.port_taken",
      where: { service: "a", port, next_free: expect.any(Number) },
    });
    expect(problem.detail).toContain(String(process.pid));
    expect(supervisor.status()[0]?.problem?.code).toBe("docker.port_taken");
    holder.close();
    await once(holder, "close");
    await supervisor.up();
    expect(stateOf(supervisor, "a")).toBe("ready");
    expect(supervisor.status()[0]?.problem).toBeNull();
  });

  test("an image that is nowhere", async () => {
    const project = projectOf("services: {a: {image: localhost:1/nowhere/nothing:1}}");
    const problem = await problemIn((await project.supervisor()).up());
    expect(problem).toMatchObject({ code: "docker.image_missing", where: { service: "a" } });
    // The network is made beside the pull, and may or may not have been first.
    const network = `network ${project.name}_default`;
    expect(project.left().filter((made) => made !== network)).toEqual([]);
  });

  test("a build that fails, with its last lines", async () => {
    const project = projectOf("services: {a: {build: ./image}}");
    mkdirSync(join(project.folder, "image"));
    writeFileSync(
      join(project.folder, "image/Dockerfile"),
      `FROM ${TEST_IMAGE}\nRUN echo this is why && exit 7\n`,
    );
    const problem = await problemIn((await project.supervisor()).up());
    expect(problem).toMatchObject({ code: "docker.build_failed", where: { service: "a" } });
    expect(JSON.stringify(problem.where?.last_lines)).toContain("this is why");
  });

  test("a health check that is never green, with what it says", async () => {
    const project = projectOf(
      `services: {a: {${SLEEPER}, healthcheck: {test: "echo not yet; exit 1", interval: 200ms, retries: 2}}}`,
    );
    const supervisor = await project.supervisor();
    const problem = await problemIn(supervisor.up());
    expect(problem).toMatchObject({ code: "docker.unhealthy", where: { service: "a" } });
    expect(problem.detail).toContain("not yet");
    expect(stateOf(supervisor, "a")).toBe("failed");
  });

  test("a step that fails keeps what waits for it from starting", async () => {
    const project = projectOf(`
services:
  step: {image: ${TEST_IMAGE}, command: [sh, -c, "echo no database; exit 4"]}
  app: {${SLEEPER}, depends_on: {step: {condition: service_completed_successfully}}}
`);
    const problem = await problemIn((await project.supervisor()).up());
    expect(problem).toMatchObject({ code: "docker.step_failed", where: { service: "step" } });
    expect(problem.detail).toContain("no database");
    expect((await project.inspect("app")).State.Status).toBe("created");
  });

  test("what the daemon does not take", async () => {
    const project = projectOf(`services: {a: {${SLEEPER}, mem_limit: 1m}}`);
    const problem = await problemIn((await project.supervisor()).up());
    expect(problem).toMatchObject({ code: "docker.cannot_start", where: { service: "a" } });
    expect(problem.detail).toMatch(/memory limit/i);
  });

  test("services that wait for each other", () => {
    const project = projectOf(`
services:
  a: {${SLEEPER}, depends_on: [b]}
  b: {${SLEEPER}, depends_on: [a]}
`);
    expect(() => project.plan()).toThrow(/a → b → a/);
  });
});

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")(
  "what belongs to others is left alone",
  () => {
    test("a network or volume of that name that is another's stops up, and stays", async () => {
      const project = projectOf(
        `services: {a: {${SLEEPER}, volumes: ["data:/data"]}}\nvolumes: {data: null}`,
      );
      const docker = await project.docker();
      await docker.createVolume({ Name: `${project.name}_data`, Labels: { theirs: "yes" } });
      const supervisor = await project.supervisor();
      expect(await problemIn(supervisor.up())).toMatchObject({ code: "docker.volume_of_another" });
      await supervisor.down({ volumes: true });
      const kept = await docker.getVolume(`${project.name}_data`).inspect();
      expect(kept.Labels).toEqual({ theirs: "yes" });
      await docker.getVolume(`${project.name}_data`).remove();
    });

    test("a container of that name that is another's", async () => {
      const project = projectOf(
        `services: {a: {${SLEEPER}, container_name: bft-taken-${process.pid}}}`,
      );
      const docker = await project.docker();
      const other = await docker.createContainer({
        name: `bft-taken-${process.pid}`,
        Image: TEST_IMAGE,
        Cmd: ["sleep", "1000"],
      });
      try {
        const problem = await problemIn((await project.supervisor()).up());
        expect(problem).toMatchObject({ code: "docker.name_taken", where: { service: "a" } });
        expect((await other.inspect()).State.Status).toBe("created");
      } finally {
        await other.remove({ force: true });
      }
    });

    test("down removes this project and nothing else", async () => {
      const [mine, other] = [
        projectOf(`services: {a: {${SLEEPER}}}`),
        projectOf(`services: {a: {${SLEEPER}}}`),
      ];
      const [first, second] = [await mine.supervisor(), await other.supervisor()];
      await Promise.all([first.up(), second.up()]);
      await first.down({ volumes: true });
      expect(mine.left()).toEqual([]);
      expect(stateOf(second, "a")).toBe("ready");
    });
  },
);

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("many hands", () => {
  test("two apps bring one project up at the same moment", async () => {
    const project = projectOf(`services: {a: {${SLEEPER}}, b: {${SLEEPER}}, c: {${SLEEPER}}}`);
    const [first, second] = [await project.supervisor(), await project.supervisor()];
    await Promise.all([first.up(), second.up()]);
    const containers = await project.containers();
    expect(containers.map(({ State }) => State)).toEqual(["running", "running", "running"]);
    expect(containers).toHaveLength(3);
  });

  test("one service is started after another, and both come up", async () => {
    const project = projectOf(
      `services: {a: {${SLEEPER}, healthcheck: {test: "true", interval: 300ms}}, b: {${SLEEPER}, depends_on: [a]}, c: {${SLEEPER}}}`,
    );
    const supervisor = await project.supervisor();
    // Of the same wish, of one that needs the same, and of one that has nothing to do with them.
    const first = supervisor.up({ services: ["a"] });
    await sleep(100);
    await Promise.all([
      first,
      supervisor.up({ services: ["b"] }),
      supervisor.up({ services: ["c"] }),
      supervisor.restart(["c"]),
    ]);
    expect(supervisor.status().map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
  });

  test("stopping one service ends no other's start, and supersedes its own", async () => {
    const never = 'healthcheck: {test: "exit 1", interval: 1s, retries: 100}';
    const project = projectOf(`services: {slow: {${SLEEPER}, ${never}}, other: {${SLEEPER}}}`);
    const supervisor = await project.supervisor();
    await supervisor.up({ services: ["other"] });
    const starting = supervisor.up({ services: ["slow"] });
    let isOver = false;
    const outcome = problemIn(starting).finally(() => {
      isOver = true;
    });
    await expect.poll(() => stateOf(supervisor, "slow"), { timeout: 10_000 }).toBe("starting");
    // It goes by what is under way for another service, however long that takes.
    await supervisor.stop(["other"]);
    expect(stateOf(supervisor, "other")).toBe("stopped");
    expect(isOver).toBe(false);
    await supervisor.stop(["slow"]);
    expect(await outcome).toMatchObject({ code: "stack.superseded" });
    expect(stateOf(supervisor, "slow")).toBe("stopped");
  });

  test("of 100 rapid presses of start and stop, the last one counts", async () => {
    const project = projectOf(`services: {a: {${SLEEPER}}, b: {${SLEEPER}, depends_on: [a]}}`);
    const supervisor = await project.supervisor();
    const presses: Promise<unknown>[] = [];
    for (let press = 0; press < 100; press += 1) {
      const done = press % 2 === 0 ? supervisor.stop() : supervisor.up();
      presses.push(done.catch((error) => problemOf(error).code));
      await sleep(5);
    }
    const outcomes = await Promise.all(presses);
    expect(new Set(outcomes)).toEqual(new Set([undefined, "stack.superseded"]));
    expect(outcomes.at(-1)).toBeUndefined();
    expect(supervisor.status().map(({ state }) => state)).toEqual(["ready", "ready"]);
    expect(await project.containers()).toHaveLength(2);
  });

  test("an app that is killed in the middle of up leaves what the next one finishes", async () => {
    const services = (value: string) =>
      `services: {a: {${SLEEPER}, environment: {V: "${value}"}}, b: {${SLEEPER}, environment: {V: "${value}"}}}`;
    const project = projectOf(services("1"));
    const supervisor = await project.supervisor();
    await supervisor.up();
    for (const [attempt, wait] of [30, 120, 400].entries()) {
      project.write(services(`next ${attempt}`));
      const app = spawn(process.execPath, [
        join(import.meta.dirname, "support/bring-up.ts"),
        project.file,
        project.logs,
      ]);
      const gone = once(app, "exit");
      await once(app.stdout, "data");
      await sleep(wait);
      app.kill("SIGKILL");
      await gone;
    }
    supervisor.takePlan(project.plan());
    await supervisor.up();
    const containers = await project.containers();
    expect(containers.map(({ Names }) => Names[0]).sort()).toEqual([
      `/${project.name}-a-1`,
      `/${project.name}-b-1`,
    ]);
    expect((await project.inspect("a")).Config.Env).toContain("V=next 2");
  });
});

// Only a daemon that the tests have started may be paused and killed.
describe.skipIf(process.env.STACK_TEST_DAEMON !== "own")("the daemon itself", () => {
  const daemonPid = () =>
    Number(execFileSync("pgrep", ["--oldest", "--exact", "dockerd"], { encoding: "utf8" }));

  test("paused for a moment, it does what it was asked when it answers", async () => {
    const project = projectOf(`services: {a: {${SLEEPER}}}`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    const pid = daemonPid();
    process.kill(pid, "SIGSTOP");
    const stopping = supervisor.stop();
    await sleep(5000);
    process.kill(pid, "SIGCONT");
    await stopping;
    expect(stateOf(supervisor, "a")).toBe("stopped");
  });

  test("paused for 30 s, it is said to be away, and what it tells then is shown again", async () => {
    const project = projectOf(`services: {a: {${SLEEPER}}}`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    const pid = daemonPid();
    process.kill(pid, "SIGSTOP");
    const paused = performance.now();
    try {
      await expect.poll(() => stateOf(supervisor, "a"), { timeout: 20_000 }).toBe("away");
      console.log(`silence was shown after ${Math.round(performance.now() - paused)} ms`);
      expect(supervisor.status()[0]).toMatchObject({
        ...{ health: "none", problem: { code: "docker.away" } },
      });
      expect(await problemIn(supervisor.up())).toMatchObject({ code: "docker.away" });
      await sleep(30_000 - (performance.now() - paused));
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await expect.poll(() => stateOf(supervisor, "a"), { timeout: 20_000 }).toBe("ready");
    expect(supervisor.status()[0]?.problem).toBeNull();
    await supervisor.up();
  });

  test("killed and started again, it is found, and up makes everything right", async () => {
    const { startDaemon } = await import("./support/daemon.ts");
    const project = projectOf(`services: {a: {${SLEEPER}, restart: always}, b: {${SLEEPER}}}`);
    const supervisor = await project.supervisor();
    await supervisor.up();
    process.kill(daemonPid(), "SIGKILL");
    await expect
      .poll(() => supervisor.status()[0]?.problem?.code, { timeout: 10_000 })
      .toBe("docker.away");
    expect(await problemIn(supervisor.up())).toMatchObject({ code: "docker.away" });
    await startDaemon();
    await expect.poll(() => stateOf(supervisor, "a"), { timeout: 20_000 }).toBe("ready");
    await supervisor.up();
    expect(supervisor.status().map(({ state, problem }) => [state, problem])).toEqual([
      ["ready", null],
      ["ready", null],
    ]);
  });
});
