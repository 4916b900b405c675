import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPlan } from "../../../main/stack/compose/load.ts";
import { checkRoom, measuredProfiles } from "../../../main/stack/doctor/needs.ts";

const GB = 1024 ** 3;
const BUNDLES = join(import.meta.dirname, "../../../compose-bundles/compose.yaml");

test("of every profile of the bundles it is known what it needs", () => {
  const plan = loadPlan({ files: [BUNDLES], environment: {} });
  const profiles = Object.values({ ...plan.services, ...plan.disabled }).flatMap(
    ({ model }) => model.profiles ?? [],
  );
  expect(measuredProfiles("docker").sort()).toEqual([...new Set(profiles)].sort());
});

test("what fits is said to, with what it needs and what there is", () => {
  const room = { cores: 8, memory: 16 * GB, disk: 100 * GB };
  expect(checkRoom("docker", ["core"], room)).toEqual({
    name: "Stack as containers",
    state: "ok",
    found:
      "core, storage, monitoring and notebooks fit: 4 GB of memory and 10.5 GB of disk needed, 16 GB and 100 GB available",
    hint: null,
  });
  expect(checkRoom("native", ["*"], { ...room, disk: null }).found).toBe(
    "core and notebooks fit: 3 GB of memory and 3 GB of disk needed, 16 GB available",
  );
});

test("what does not fit beside it says why, and is no fault while nobody wants it", () => {
  const room = { cores: 2, memory: 3 * GB, disk: 7.5 * GB };
  expect(checkRoom("docker", ["core"], room)).toMatchObject({
    state: "ok",
    found:
      "core and storage fit: 2.7 GB of memory and 5.5 GB of disk needed, 3 GB and 7.5 GB available; " +
      "monitoring does not: 3.5 GB of memory needed, 3 GB available and 8.5 GB of disk needed, 7.5 GB available; " +
      "notebooks does not: 3.2 GB of memory needed, 3 GB available",
    hint: null,
  });
});

test("what was chosen and does not fit says what is missing, and what would fit", () => {
  const room = { cores: 2, memory: 3 * GB, disk: 100 * GB };
  expect(checkRoom("docker", ["core", "monitoring"], room)).toMatchObject({
    state: "warning",
    hint: "Too little: memory. What fits: `stack up --docker --profile core storage`.",
  });
});

test("what was chosen goes before what is more worth having", () => {
  const room = { cores: 2, memory: 3.1 * GB, disk: null };
  const { state, found } = checkRoom("docker", ["core", "notebooks"], room);
  expect(state).toBe("ok");
  expect(found).toContain("core and notebooks fit: 3 GB of memory");
});

test("without room for the core, nothing is suggested that stands on it", () => {
  const room = { cores: 1, memory: 2 * GB, disk: null };
  expect(checkRoom("docker", ["*"], room)).toMatchObject({
    state: "warning",
    found:
      "core does not fit: 2 cores needed, 1 available and 2.5 GB of memory needed, 2 GB available",
    hint: expect.stringContaining("`stack up --native`"),
  });
  expect(checkRoom("native", ["core"], room).hint).toContain("Too little: cores and memory.");
});
