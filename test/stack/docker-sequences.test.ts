import { afterEach, describe, expect, test } from "vitest";
import { problemOf } from "../../contract/problem.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import { Project } from "./support/project.ts";
import { randomSequence, stepsOr } from "./support/random-sequence.ts";

const STEPS = stepsOr(25);

let project: Project;
afterEach(() => project.remove());

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("random sequences", () => {
  test(
    `${STEPS} starts, stops, kills and changes end where the last wish was`,
    async () => {
      const sleeper = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 1s`;
      const services = (version: number) => `
services:
  a: {${sleeper}, environment: {V: "${version}"}, volumes: ["data:/data"]}
  b: {${sleeper}, depends_on: [a]}
  c: {${sleeper}, depends_on: [b]}
volumes: {data: null}
`;
      project = new Project(services(0));
      const supervisor = await project.supervisor();
      const { pick } = randomSequence();
      for (let step = 1; step <= STEPS; step += 1) {
        const action = pick(["up", "up", "stop", "kill", "restart", "change", "down", "race"]);
        const name = pick(["a", "b", "c"]);
        const work = async () => {
          if (action === "up") await supervisor.up({ services: [name] });
          if (action === "stop") await supervisor.stop([name]);
          if (action === "restart") await supervisor.restart([name]);
          if (action === "down") await supervisor.down();
          if (action === "race") await Promise.all([supervisor.stop(), supervisor.up()]);
          if (action === "change") {
            project.write(services(step));
            supervisor.takePlan(project.plan());
          }
          if (action === "kill") {
            const running = (await project.containers()).filter(({ State }) => State === "running");
            if (running.length === 0) return;
            const { Id } = pick(running);
            await (await project.docker())
              .getContainer(Id)
              .kill()
              .catch(() => undefined);
          }
        };
        // What a newer wish ended is the only thing that may go wrong.
        await work().catch((error) =>
          expect(problemOf(error).code, `step ${step}: ${action}`).toBe("stack.superseded"),
        );
      }
      await supervisor.up();
      expect(supervisor.status().map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
      expect((await project.containers()).map(({ Names }) => Names[0]).sort()).toEqual(
        ["a", "b", "c"].map((name) => `/${project.name}-${name}-1`),
      );
      await supervisor.down({ volumes: true });
      expect(project.left()).toEqual([]);
    },
    60_000 + STEPS * 10_000,
  );
});
