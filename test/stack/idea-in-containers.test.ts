import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Deployment, InferResponse } from "../../contract/deployment.ts";
import type { RunResult } from "../../contract/run.ts";
import type { ServiceView } from "../../contract/service.ts";
import type { StepEvent, StepName } from "../../contract/step.ts";
import { Secrets } from "../../main/runtime/secrets.ts";
import { Workspace } from "../../main/runtime/workspace.ts";
import { CommandLine } from "../e2e/command-line.ts";
import { SMALL_IDEA, writePanel } from "../e2e/panel.ts";
import { standIns } from "./support/debian-image.ts";
import { docker as daemon } from "./support/docker.ts";
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

/** Steps whose artifact points at nothing outside of itself. */
const KEPT: readonly StepName[] = ["check", "features", "select", "train", "backtest", "judge"];

/** Every file of the artifacts of those steps, by its place, as a hash. */
function keptFilesOf({ workspace }: CommandLine): Record<string, string> {
  const cache = join(workspace, "cache");
  const files = KEPT.flatMap((step) =>
    readdirSync(join(cache, step), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  const hash = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
  return Object.fromEntries(files.map((file) => [file.slice(cache.length + 1), hash(file)]));
}

/** What a step of a run said. */
function newsOf({ workspace }: CommandLine, run: string, step: StepName): StepEvent[] {
  const index = new Database(join(workspace, "index.db"), { readonly: true });
  try {
    return index
      .prepare<[string, string], { news: string }>(
        `SELECT event ->> '$.news' AS news FROM events WHERE run = ? AND event ->> '$.step' = ?
         AND event ->> '$.type' = 'news' ORDER BY seq`,
      )
      .all(run, step)
      .map(({ news }) => JSON.parse(news));
  } finally {
    index.close();
  }
}

/** What a program of the engine's image prints that has the engine's own access to its bucket. */
const WITH_BUCKET = `
import hashlib, json, os
from pyarrow.fs import FileSelector, FileType, S3FileSystem
endpoint = os.environ["AWS_ENDPOINT_URL_S3"].removeprefix("http://")
s3 = S3FileSystem(endpoint_override=endpoint, scheme="http", region="us-east-1")
root = "engine/artifacts/"
`;
const LIST_BUCKET = `
found = s3.get_file_info(FileSelector("engine", recursive=True))
print(json.dumps({one.path.removeprefix(root): hashlib.sha256(s3.open_input_stream(one.path).read())
  .hexdigest() for one in found if one.type == FileType.File}))
`;

const EMPTY_BUCKET = `
for one in s3.get_file_info(FileSelector("engine", recursive=True)):
  if one.type == FileType.File: s3.delete_file(one.path)
`;

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

  /** The container of a service of the workspace, whose compose project has its hash. */
  const containerOf = (service: string) => {
    const id = createHash("sha256").update(docker.workspace).digest("hex").slice(0, 8);
    return `breadthflow-${id}-${service}-1`;
  };
  const inBucket = (program: string) => {
    const key = "AWS_SECRET_ACCESS_KEY=/secrets/artifact-store-key";
    const command = ["python", "-m", "container.with_secret", key, "python", "-c"];
    return daemon(["exec", containerOf("engine"), ...command, `${WITH_BUCKET}${program}`]);
  };
  /** Takes artifacts out of the workspace, as a person does who needs the room. */
  const free = (...steps: readonly StepName[]) =>
    Promise.all(
      steps.map((step) => rm(join(docker.workspace, "cache", step), { recursive: true })),
    );
  const logsOf = ({ run }: RunResult, step: StepName) =>
    newsOf(docker, run, step).filter((news) => news.kind === "log");
  const broughtBack = expect.objectContaining({
    ...{ level: "info", message: expect.stringMatching(/^Brought back from s3:/) },
  });
  /** The ledger, but for when and by which run a trial was entered. */
  const ledger = async () => {
    const { stdout } = await docker.run("data", "ledger", "panel");
    return stdout;
  };

  test(
    "keeps what its steps make in S3, and takes it back from there instead of making it",
    async () => {
      const made = keptFilesOf(docker);
      expect(JSON.parse(inBucket(LIST_BUCKET))).toEqual(made);
      const key = daemon(["exec", containerOf("engine"), "cat", "/secrets/artifact-store-key"]);
      expect(key.length).toBeGreaterThanOrEqual(40);
      expect(daemon(["inspect", containerOf("engine")])).not.toContain(key);

      const trials = await ledger();
      const freed = KEPT.filter((step) => step !== "check");
      await free(...freed);
      const again = await docker.json<RunResult>("run", idea, "--data", prices);
      expect(again.steps.filter(({ cached }) => !cached).map(({ name }) => name)).toEqual(freed);
      for (const step of freed) expect(logsOf(again, step), step).toEqual([broughtBack]);
      expect(keptFilesOf(docker)).toEqual(made);
      expect(again.verdict).toBe(run.verdict);
      expect(numbersOf(again)).toEqual(numbersOf(run));
      expect(await ledger()).toBe(trials);
    },
    PATIENCE_MS,
  );

  test(
    "counts the trials of a model that it takes back, where the ledger has lost them",
    async () => {
      const trials = await ledger();
      const index = new Database(join(docker.workspace, "index.db"));
      const { changes } = index.prepare("DELETE FROM trials").run();
      index.close();
      expect(changes).toBe(4);
      await free("train");
      const again = await docker.json<RunResult>("run", idea, "--data", prices);
      expect(logsOf(again, "train")).toEqual([broughtBack]);
      expect(numbersOf(again)).toEqual(numbersOf(run));
      expect((await ledger()).replaceAll(again.run, run.run)).toBe(trials);
    },
    PATIENCE_MS,
  );

  test(
    "makes what S3 has damaged anew, and everything where S3 is away, and says so",
    async () => {
      const [judge] = readdirSync(join(docker.workspace, "cache", "judge"));
      const object = `${`{root}judge/${judge}/verdict.json`}`;
      inBucket(`with s3.open_output_stream(f"${object}") as file: file.write(b"{}")`);
      const warning = (said: string) =>
        expect.objectContaining({ level: "warning", message: expect.stringContaining(said) });

      await free("judge");
      const refused = await docker.json<RunResult>("run", idea, "--data", prices);
      expect(logsOf(refused, "judge")).toEqual([warning("verdict.json has ")]);
      expect(JSON.parse(inBucket(LIST_BUCKET))).toEqual(keptFilesOf(docker));

      await free("judge");
      daemon(["stop", containerOf("s3")]);
      try {
        const away = await docker.json<RunResult>("run", idea, "--data", prices);
        expect(logsOf(away, "judge")).toEqual([warning("cannot be used")]);
        for (const one of [refused, away]) {
          expect(one.verdict).toBe(run.verdict);
          expect(numbersOf(one)).toEqual(numbersOf(run));
        }
      } finally {
        daemon(["start", containerOf("s3")]);
      }
    },
    PATIENCE_MS,
  );

  test(
    "brings into S3 what it lacks of the workspace, without any step being asked for",
    async () => {
      // The object store was started a moment ago.
      await vi.waitFor(() => inBucket(EMPTY_BUCKET), { timeout: 30_000, interval: 500 });
      expect(JSON.parse(inBucket(LIST_BUCKET))).toEqual({});
      await docker.json("stack", "restart", "engine", "--docker");
      await vi.waitFor(
        () => expect(JSON.parse(inBucket(LIST_BUCKET))).toEqual(keptFilesOf(docker)),
        { timeout: 60_000, interval: 500 },
      );
    },
    PATIENCE_MS,
  );

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

      const moved: string[] = [];
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
        moved.push(again.run);
        expect(again.model, supervisor).toEqual(run.model);
        expect((await answer()).outputs, supervisor).toEqual(first.outputs);
        const all = await docker.json<ServiceView[]>("stack", "ps");
        const up = all.filter(({ state }) => state === "ready").map((one) => one.supervisor);
        expect([...new Set(up)], supervisor).toEqual([supervisor]);
      }
      const { runs, deployments } = await mirrored();
      expect(runs?.map(({ id }) => id)).toEqual(expect.arrayContaining(moved));
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
