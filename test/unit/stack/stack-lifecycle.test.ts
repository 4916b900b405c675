import { beforeEach, expect, test } from "vitest";
import { problemOf } from "../../../contract/problem.ts";
import { StackLifecycle } from "../../../main/stack/stack-lifecycle.ts";
import type { Supervisor } from "../../../main/stack/workspace-services.ts";

/** What was done, in order. */
let done: string[];
let isAtWork: boolean;

beforeEach(() => {
  done = [];
  isAtWork = false;
});

function lifecycle(supervisor: Supervisor): StackLifecycle {
  const services = {
    supervisor,
    use: (wanted: Supervisor) => {
      services.supervisor = wanted;
      done.push(`use ${wanted}`);
      return Promise.resolve();
    },
    status: () => [],
  };
  return new StackLifecycle({
    services,
    stack: {
      up: async (wanted, { profiles }) => void done.push(`up ${wanted} ${profiles}`),
      down: async (wanted) => void done.push(`down ${wanted}`),
    },
    isAtWork: () => isAtWork,
    adopted: async () => void done.push("adopted"),
    onMove: async () => void done.push("moved"),
  });
}

const MOVED_TO_DOCKER = ["adopted", "use docker", "moved"];

test.each([["core"], ["monitoring", "core"], ["*"]])(
  "with the core, what ideas run on follows to where it is brought up: %s %s",
  async (...given) => {
    const profiles = given.filter(Boolean);
    const stack = lifecycle("native");
    await stack.up("docker", { profiles });
    expect(done).toEqual([...MOVED_TO_DOCKER, `up docker ${profiles}`]);
    expect(stack.supervisor).toBe("docker");
  },
);

test("profiles beside the core are brought up without moving anything", async () => {
  isAtWork = true;
  await lifecycle("native").up("docker", { profiles: ["monitoring"] });
  expect(done).toEqual(["up docker monitoring"]);
});

test("what containers keep comes back before their volumes go", async () => {
  await lifecycle("docker").down("docker", { volumes: true });
  expect(done).toEqual(["adopted", "use native", "moved", "down docker"]);
  done = [];
  await lifecycle("docker").down("docker", {});
  expect(done, "volumes that stay keep it").toEqual(["down docker"]);
});

test("services that work is under way on are not moved, and nothing is begun", async () => {
  isAtWork = true;
  const refused = await lifecycle("native")
    .up("docker", { profiles: ["core"] })
    .catch(problemOf);
  expect(refused).toMatchObject({ code: "stack.busy" });
  expect(done).toEqual([]);
  await lifecycle("docker").use("docker");
  expect(done, "where they run already, there is no move").toEqual([]);
});
