import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPlan } from "../../../main/stack/compose/load.ts";
import { checkRoom, fittingProfiles, measuredProfiles } from "../../../main/stack/doctor/needs.ts";

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
  expect(checkRoom("docker", ["core", "storage"], room)).toMatchObject({
    state: "ok",
    found:
      "core and storage need 4.5 GB of memory and 6 GB of disk; there are 8 cores, 16 GB and 100 GB of disk",
    hint: null,
  });
  expect(checkRoom("docker", ["*"], room).found).toContain("monitoring and notebooks need");
});

test("what does not fit says what is missing, and what would fit", () => {
  const room = { cores: 2, memory: 5 * GB, disk: 7 * GB };
  expect(checkRoom("docker", ["*"], room)).toMatchObject({
    state: "warning",
    hint: "Too little: memory and disk. What fits: `stack up --docker --profile core storage`.",
  });
  expect(checkRoom("native", ["core"], { ...room, cores: 1 }).hint).toContain("Too little: cores.");
});

test("without room for the core, nothing is suggested that stands on it", () => {
  const room = { cores: 2, memory: 2 * GB, disk: null };
  expect(fittingProfiles("docker", room)).toEqual([]);
  expect(checkRoom("docker", ["core"], room).hint).toContain("`stack up --native`");
});
