import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { problemOf } from "../../../contract/problem.ts";
import { isFree } from "../../../main/runtime/ports.ts";
import { identify } from "../../../main/runtime/processes.ts";
import type { NativeSupervisor } from "../../../main/stack/native/supervisor.ts";
import { randomSequence, stepsOr } from "../../stack/support/random-sequence.ts";
import { temporaryFolder, testService, testSupervisor } from "./test-services.ts";

const STEPS = stepsOr(60);
const NAMES = ["a", "b", "c"] as const;

let folder: string;
let supervisor: NativeSupervisor;

beforeEach(() => {
  folder = temporaryFolder();
  supervisor = testSupervisor(folder);
});
afterEach(async () => {
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

test(
  `${STEPS} starts, stops, restarts and kills of processes end where the last wish was`,
  async () => {
    const env = { CHILD: "yes" };
    supervisor.add(testService("a", { env }));
    supervisor.add(testService("b", { env, dependsOn: ["a"] }));
    supervisor.add(testService("c", { env, dependsOn: ["b"] }));
    const pids = new Set<number>();
    supervisor.changed.subscribe(({ pid }) => {
      if (pid !== null) pids.add(pid);
    });
    const { pick } = randomSequence();
    for (let step = 1; step <= STEPS; step += 1) {
      const action = pick(["start", "start", "stop", "restart", "kill", "race", "presses"]);
      const name = pick(NAMES);
      const work = async () => {
        if (action === "start") await supervisor.start(name);
        if (action === "stop") await supervisor.stop(name);
        if (action === "restart") await supervisor.restart(name);
        if (action === "race") await Promise.all([supervisor.start(name), supervisor.stop("a")]);
        if (action === "presses") {
          const presses = NAMES.flatMap((one) => [supervisor.start(one), supervisor.stop(one)]);
          for (const { reason } of (await Promise.allSettled(presses)) as { reason?: unknown }[]) {
            if (reason) throw reason;
          }
        }
        if (action === "kill") {
          const { pid } = supervisor.statusOf(name);
          if (pid !== null && (await identify(pid))) process.kill(pid, "SIGKILL");
        }
      };
      await work().catch((error) => {
        const { code, detail } = problemOf(error);
        // A newer wish ended it, or a kill that met it while it was starting again.
        const isExpected = code === "service.stopped" || /ended by SIGKILL/.test(detail);
        expect(isExpected, `step ${step}, ${action} ${name}: ${detail}`).toBe(true);
      });
    }
    await supervisor.start("c");
    const status = supervisor.status();
    expect(status.map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
    const children = NAMES.flatMap((name) => {
      const log = readFileSync(join(folder, `logs/${name}.log`), "utf8");
      return [...log.matchAll(/child (\d+)/g)].map(([, pid]) => Number(pid));
    });
    expect(children.length).toBeGreaterThanOrEqual(NAMES.length);
    await supervisor.stopAll();
    expect(JSON.parse(readFileSync(join(folder, "run/services.json"), "utf8"))).toEqual({});
    for (const pid of [...pids, ...children]) expect(await identify(pid), `${pid}`).toBe(undefined);
    for (const { ports } of status) expect(await isFree(ports.http as number)).toBe(true);
  },
  60_000 + STEPS * 10_000,
);
