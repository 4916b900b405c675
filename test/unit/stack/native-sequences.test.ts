import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { problemOf } from "../../../contract/problem.ts";
import { isFree } from "../../../main/runtime/ports.ts";
import { identify } from "../../../main/runtime/processes.ts";
import { randomSequence, stepsOr } from "../../stack/support/random-sequence.ts";
import { nativeSupervisor } from "./support/native-supervisor.ts";
import { testService } from "./support/test-services.ts";

const STEPS = stepsOr(60);
const NAMES = ["a", "b", "c"] as const;

const native = nativeSupervisor();

test(
  `${STEPS} starts, stops, restarts and kills of processes end where the last wish was`,
  async () => {
    const env = { CHILD: "yes" };
    native.supervisor.add(testService("a", { env }));
    native.supervisor.add(testService("b", { env, dependsOn: ["a"] }));
    native.supervisor.add(testService("c", { env, dependsOn: ["b"] }));
    const pids = new Set<number>();
    native.supervisor.changed.subscribe(({ pid }) => {
      if (pid !== null) pids.add(pid);
    });
    const { pick } = randomSequence();
    for (let step = 1; step <= STEPS; step += 1) {
      const action = pick(["start", "start", "stop", "restart", "kill", "race", "presses"]);
      const name = pick(NAMES);
      const work = async () => {
        if (action === "start") await native.supervisor.start(name);
        if (action === "stop") await native.supervisor.stop(name);
        if (action === "restart") await native.supervisor.restart(name);
        if (action === "race")
          await Promise.all([native.supervisor.start(name), native.supervisor.stop("a")]);
        if (action === "presses") {
          const presses = NAMES.flatMap((one) => [
            native.supervisor.start(one),
            native.supervisor.stop(one),
          ]);
          for (const { reason } of (await Promise.allSettled(presses)) as { reason?: unknown }[]) {
            if (reason) throw reason;
          }
        }
        if (action === "kill") {
          const { pid } = native.supervisor.statusOf(name);
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
    await native.supervisor.start("c");
    const status = native.supervisor.status();
    expect(status.map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
    const children = NAMES.flatMap((name) => {
      const log = readFileSync(join(native.folder, `logs/${name}.log`), "utf8");
      return [...log.matchAll(/child (\d+)/g)].map(([, pid]) => Number(pid));
    });
    expect(children.length).toBeGreaterThanOrEqual(NAMES.length);
    await native.supervisor.stopAll();
    expect(JSON.parse(readFileSync(join(native.folder, "run/services.json"), "utf8"))).toEqual({});
    for (const pid of [...pids, ...children]) expect(await identify(pid), `${pid}`).toBe(undefined);
    for (const { ports } of status) expect(await isFree(ports.http as number)).toBe(true);
  },
  60_000 + STEPS * 10_000,
);
