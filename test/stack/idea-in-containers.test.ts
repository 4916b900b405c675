import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Deployment, InferResponse } from "../../contract/deployment.ts";
import type { RunResult } from "../../contract/run.ts";
import type { ServiceView } from "../../contract/service.ts";
import { Secrets } from "../../main/runtime/secrets.ts";
import { Workspace } from "../../main/runtime/workspace.ts";
import { CommandLine } from "../e2e/command-line.ts";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { standIns } from "./support/debian-image.ts";
import { tablesOfIndex, tablesOfMirror } from "./support/mirror.ts";

/** The artifacts of a workspace, as `step/key`. */
function keysIn({ workspace }: CommandLine): string[] {
  const cache = join(workspace, "cache");
  return readdirSync(cache)
    .flatMap((step) => readdirSync(join(cache, step)).map((key) => `${step}/${key}`))
    .sort();
}

/** The numbers of a result by where they stand, without how long anything took. */
function numbersOf(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => !/seconds|started|created/.test(name))
    .flatMap(([name, item]) => numbersOf(item, `${path}/${name}`));
}

/** Each moves a whole stack, which on two busy cores takes minutes. */
const PATIENCE_MS = 600_000;

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("an idea in containers", () => {
  let native: CommandLine;
  let docker: CommandLine;
  let idea: string;
  let prices: string;
  let expected: RunResult;
  let run: RunResult;

  beforeAll(async () => {
    Object.assign(process.env, standIns());
    native = await CommandLine.inNewWorkspace();
    docker = await CommandLine.inNewWorkspace();
    // Beside both workspaces: the engine's container has to be given the folder.
    idea = join(native.workspace, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    prices = await writePanel(native.workspace);
    expected = await native.json<RunResult>("run", idea, "--data", prices);
    run = await docker.json<RunResult>("run", idea, "--data", prices, "--stack", "docker");
  }, 1_200_000);

  afterAll(async () => {
    await docker?.run("stack", "down", "--docker", "--volumes");
    await docker?.remove();
    await native?.remove();
  }, 120_000);

  const services = () => docker.json<ServiceView[]>("stack", "ps", "--docker");

  test("comes to the same verdict, the same numbers and the same keys as processes", () => {
    expect(run.state).toBe("done");
    expect(run.steps.map(({ cached }) => cached)).toEqual(Array(8).fill(false));
    expect(run.verdict).toBe(expected.verdict);
    expect(keysIn(docker)).toEqual(keysIn(native));
    const [ours, theirs] = [numbersOf(run), numbersOf(expected)];
    expect(ours.map(([path]) => path)).toEqual(theirs.map(([path]) => path));
    expect(ours.length).toBeGreaterThan(50);
    for (const [index, [path, number]] of ours.entries()) {
      expect(Math.abs(number - (theirs[index]?.[1] as number)), path).toBeLessThanOrEqual(1e-9);
    }
  });

  /** What PostgreSQL has of the workspace's index, as soon as that is all. */
  const mirrored = () => {
    const workspace = new Workspace(docker.workspace);
    const password = new Secrets(workspace.secrets).get("index-database");
    return vi.waitFor(
      async () => {
        const postgres = (await services()).find(({ service }) => service === "postgres");
        const port = postgres?.ports.postgres as number;
        const tables = await tablesOfMirror({ port, password });
        expect(tables).toEqual(tablesOfIndex(workspace.index));
        return tables;
      },
      { timeout: 60_000, interval: 1000 },
    );
  };

  test("stands in PostgreSQL as in the index: the run, its steps, verdict and trials", async () => {
    const tables = await mirrored();
    expect(tables.runs).toMatchObject([{ id: run.run, state: "done", verdict: run.verdict }]);
    expect(tables.steps?.filter(({ state }) => state === "done")).toHaveLength(8);
    expect(tables.models).toMatchObject([{ run: run.run, verdict: run.verdict }]);
    expect(tables.trials?.length).toBeGreaterThan(0);
  });

  /** What MLflow keeps of files in the workspace. */
  const filesOf = ({ workspace }: CommandLine) => {
    const folder = join(workspace, "mlflow", "artifacts");
    return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  };
  const isModel = (file: string) => file.endsWith("MLmodel");

  test("did so in containers, with what it tracked in PostgreSQL and its files in S3", async () => {
    const shown = await services();
    for (const name of ["engine", "mlflow", "postgres", "s3"]) {
      expect(shown.find(({ service }) => service === name)).toMatchObject({
        ...{ state: "ready", health: "healthy", supervisor: "docker" },
        since: expect.stringMatching(/^\d{4}-/),
      });
    }
    expect(existsSync(join(docker.workspace, "mlflow", "mlflow.db"))).toBe(false);
    expect(filesOf(native).some(isModel)).toBe(true);
    expect(filesOf(docker)).toEqual([]);
    const natively = await docker.json<ServiceView[]>("stack", "ps", "--native");
    expect(natively.map(({ state }) => state)).toEqual(natively.map(() => "stopped"));
  });

  test(
    "is served by a container behind the router's, and goes along to processes and back",
    async () => {
      const why = ["--against-verdict", "the test of the stack serves it"];
      const deployed = await docker.json<Deployment>(
        ...["deploy", run.run, ...(run.verdict === "deploy" ? [] : why)],
      );
      const { deployment } = deployed;
      const answer = () => docker.json<InferResponse>("infer", deployment, "--example");
      const first = await answer();
      const shown = await services();
      expect(shown.find(({ service }) => service === "router")?.state).toBe("ready");
      expect(shown.find(({ service }) => service.startsWith("model-"))?.state).toBe("ready");

      for (const supervisor of ["native", "docker"]) {
        const again = await docker.json<RunResult>(
          "run",
          idea,
          "--data",
          prices,
          "--stack",
          supervisor,
        );
        expect(
          again.steps.map(({ cached }) => cached),
          supervisor,
        ).toEqual(Array(8).fill(true));
        expect(again.model, supervisor).toEqual(run.model);
        expect((await answer()).outputs, supervisor).toEqual(first.outputs);
        const all = await docker.json<ServiceView[]>("stack", "ps");
        const up = all.filter(({ state }) => state === "ready").map((one) => one.supervisor);
        expect([...new Set(up)], supervisor).toEqual([supervisor]);
      }
      const { runs, deployments } = await mirrored();
      expect(runs).toHaveLength(3);
      expect(deployments).toMatchObject([{ deployment, state: "live" }]);
    },
    PATIENCE_MS,
  );

  test(
    "leaves what it tracked in the workspace when containers and volumes go",
    async () => {
      expect(await docker.json("stack", "down", "--docker", "--volumes")).toEqual(
        expect.arrayContaining([]),
      );
      const store = await readFile(join(docker.workspace, "mlflow", "store.json"), "utf8");
      expect(JSON.parse(store)).toMatchObject({ kept_in: "sqlite" });
      expect(filesOf(docker).filter(isModel)).toHaveLength(filesOf(native).filter(isModel).length);
      const again = await docker.json<RunResult>("run", idea, "--data", prices);
      expect(again.steps.every(({ cached }) => cached)).toBe(true);
      expect((await services()).every(({ state }) => state === "stopped")).toBe(true);
    },
    PATIENCE_MS,
  );
});
