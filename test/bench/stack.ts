/**
 * The stack's figures, on small containers, against docker compose where it does the same. A daemon
 * answers, or one is started as for the stack's tests; without one, only processes are measured.
 *
 * Prints one JSON document. Exits with 1 if a number misses its target.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import setUpDaemon, { TEST_IMAGE } from "../stack/support/daemon.ts";
import { Project } from "../stack/support/project.ts";
import { coldNativeCore } from "./stack/native-core.ts";
import { median, took } from "./support/timing.ts";

const TARGETS = {
  healthy_against_compose: 1.1,
  second_up_20_services_ms: 300,
  change_shown_ms: 500,
  idle_cpu_20_containers: 0.005,
  log_lines_per_second: 50_000,
  log_lines_lost: 0,
  log_memory_mb: 200,
  native_core_cold_seconds: 15,
};
type Figures = Partial<typeof TARGETS>;
const PAIRS = 5;
const IDLE_MS = 30_000;
const LINES = 500_000;

const SLEEPER = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 0s`;
const CHECK = "healthcheck: {test: [CMD, test, -d, /tmp], interval: 500ms}";

async function within<T>(services: string, work: (project: Project) => Promise<T>): Promise<T> {
  const project = new Project(`services:\n${services}`);
  try {
    return await work(project);
  } finally {
    await project.remove();
  }
}

/** From nothing to all healthy: each pair in turns, so that a busy moment meets both. */
function healthyAgainstCompose(): Promise<number> {
  const services = `
  store: {${SLEEPER}, ${CHECK}}
  step: {image: ${TEST_IMAGE}, command: "true", depends_on: {store: {condition: service_healthy}}}
  app: {${SLEEPER}, ${CHECK}, depends_on: {step: {condition: service_completed_successfully}}}
  other: {${SLEEPER}, ${CHECK}}
`;
  return within(services, async (project) => {
    const supervisor = await project.supervisor();
    const ours = async () => {
      const time = await took(() => supervisor.up());
      await supervisor.down();
      return time;
    };
    const theirs = async () => {
      const time = await took(() => project.compose("up", "--detach", "--wait"));
      project.compose("down", "--timeout", "0");
      return time;
    };
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const first = pair % 2 === 0 ? await ours() : await theirs();
      const second = pair % 2 === 0 ? await theirs() : await ours();
      ratios.push(pair % 2 === 0 ? first / second : second / first);
    }
    return median(ratios);
  });
}

/** With 20 services: `up` that has nothing to do, a change on the daemon's side, and idling. */
function withTwenty() {
  const services = Array.from({ length: 20 }, (_, index) => `  s${index}: {${SLEEPER}}`);
  return within(services.join("\n"), async (project) => {
    const supervisor = await project.supervisor();
    await supervisor.up();
    const ups: number[] = [];
    for (let run = 0; run < 7; run += 1) ups.push(await took(() => supervisor.up()));
    const shown: number[] = [];
    const docker = await project.docker();
    for (let run = 0; run < 5; run += 1) {
      const container = docker.getContainer(`${project.name}-s${run}-1`);
      const { promise, resolve } = Promise.withResolvers<void>();
      const leave = supervisor.changed.subscribe(() => {
        if (supervisor.status().find(({ service }) => service === `s${run}`)?.state === "failed") {
          resolve();
        }
      });
      const { State } = await container.inspect();
      shown.push(
        await took(() => {
          process.kill(State.Pid, "SIGKILL");
          return promise;
        }),
      );
      leave();
    }
    await supervisor.up();
    const before = process.cpuUsage();
    const idled = await took(() => sleep(IDLE_MS));
    const { user, system } = process.cpuUsage(before);
    return {
      second_up_20_services_ms: median(ups),
      change_shown_ms: median(shown),
      idle_cpu_20_containers: (user + system) / 1000 / idled,
    };
  });
}

/** A container that writes as fast as it can: how many of its lines a second are in the file. */
function flood() {
  const services = `  a: {image: ${TEST_IMAGE}, x-service: {step: true}, command: [seq, "1", "${LINES}"]}\n`;
  return within(services, async (project) => {
    const supervisor = await project.supervisor();
    const before = process.memoryUsage.rss();
    let most = before;
    const watching = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 50);
    const time = await took(async () => {
      await supervisor.up();
      await supervisor.logsWritten();
    });
    clearInterval(watching);
    const text = readFileSync(join(project.logs, `${project.name}-a.log`), "utf8");
    return {
      log_lines_per_second: LINES / (time / 1000),
      log_lines_lost: LINES - (text.split("\n").length - 1),
      log_memory_mb: (most - before) / 2 ** 20,
    };
  });
}

/** More of this is better; of all else, less. */
const MORE: keyof Figures = "log_lines_per_second";

function meets([name, value]: [string, number]): boolean {
  const target = TARGETS[name as keyof Figures];
  return name === MORE ? value >= target : value <= target;
}

const endDaemon = await setUpDaemon();
try {
  const hasDocker = process.env.STACK_TEST_DAEMON !== "none";
  const figures: Figures = {
    ...(hasDocker
      ? {
          healthy_against_compose: await healthyAgainstCompose(),
          ...(await withTwenty()),
          ...(await flood()),
        }
      : {}),
    native_core_cold_seconds: await coldNativeCore(),
  };
  const passed = Object.entries(figures).every(meets);
  console.log(JSON.stringify({ bench: "stack", ...figures, targets: TARGETS, passed }, null, 2));
  process.exitCode = passed ? 0 : 1;
} finally {
  await endDaemon();
}
