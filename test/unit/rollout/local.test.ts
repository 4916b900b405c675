import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { DeploymentId } from "../../../contract/ids.ts";
import { problemOf } from "../../../contract/problem.ts";
import type { LoadedDeployment } from "../../../main/rollout/backend.ts";
import { EXAMPLE, LocalStack, MODEL_FILES, TOKEN } from "./local-stack.ts";

// Real MLflow and MLServer processes: importing their libraries takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const VOL = DeploymentId.parse("vol");
let stack: LocalStack;
let version: string;

beforeAll(async () => {
  stack = new LocalStack();
  version = await stack.register("vol", MODEL_FILES);
});
afterAll(() => stack.end());
afterEach(() => stack.rollout.unload(VOL));

const load = (of: string = version): Promise<LoadedDeployment> =>
  stack.rollout.load({ deployment: VOL, model: "vol", version: of });

const failure = async (work: Promise<unknown>) =>
  problemOf(
    await work.then(
      () => expect.fail("it should have failed"),
      (thrown: unknown) => thrown,
    ),
  );

test("a registered version is served, answers its example, and can be made champion", async () => {
  const said: string[] = [];
  const loaded = await stack.rollout.load(
    { deployment: VOL, model: "vol", version },
    { onProgress: (message) => said.push(message) },
  );
  expect(loaded.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2\/models\/vol$/);
  expect(said).toEqual([
    `fetching vol version ${version}`,
    `starting model-vol-${version}`,
    "asking for the stored example's prediction",
  ]);
  expect(stack.rollout.status(VOL)).toMatchObject({ state: "live", version, problem: null });
  const answer = await stack.rollout.infer(VOL, stack.rollout.example(VOL).request);
  expect(answer).toMatchObject({ model_name: "vol", model_version: version });
  expect(answer.outputs[0]?.data).toEqual([4, expect.closeTo(0.4, 12)]);

  await stack.rollout.promote(VOL);
  expect(await stack.alias("vol", "champion")).toBe(version);
});

test("the endpoint asks for its token", async () => {
  const { endpoint } = await load();
  const ask = (headers: Record<string, string>) =>
    fetch(`${endpoint}/infer`, {
      method: "POST",
      body: JSON.stringify(EXAMPLE.request),
      headers: { "content-type": "application/json", ...headers },
    });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: "Bearer guess" })).status).toBe(401);
  expect((await ask({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
});

test("a killed model server is started again; meanwhile the answer says to wait", async () => {
  await load();
  const service = `model-vol-${version}`;
  process.kill(stack.services.statusOf(service).pid as number, "SIGKILL");
  const problem = await failure(stack.rollout.infer(VOL, EXAMPLE.request));
  expect(problem.code).toBe("deployment.unavailable");
  expect(problem.hint).toContain("try again");
  await vi.waitFor(() => stack.rollout.infer(VOL, EXAMPLE.request), {
    timeout: 60_000,
    interval: 50,
  });
  // It may answer a moment before the supervisor has seen that it does.
  await vi.waitFor(() =>
    expect(stack.rollout.status(VOL)).toMatchObject({ state: "live", restarts: 1 }),
  );
});

test("a killed router is started again with the same routes and address", async () => {
  const { endpoint } = await load();
  process.kill(stack.services.statusOf("router").pid as number, "SIGKILL");
  await vi.waitFor(() => stack.rollout.infer(VOL, EXAMPLE.request), {
    timeout: 30_000,
    interval: 50,
  });
  expect(stack.rollout.status(VOL)?.endpoint).toBe(endpoint);
});

test("unloading ends the process and the route", async () => {
  const { endpoint } = await load();
  const { pid } = stack.services.statusOf(`model-vol-${version}`);
  await stack.rollout.unload(VOL);
  expect(() => process.kill(pid as number, 0)).toThrow("ESRCH");
  const response = await fetch(endpoint, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await response.json()).toMatchObject({ code: "deployment.unknown" });
  expect((await failure(stack.rollout.infer(VOL, EXAMPLE.request))).code).toBe(
    "deployment.not_loaded",
  );
});

test("a new version takes over; one that answers wrongly leaves the old one live", async () => {
  await load();
  const wrong = await stack.register("vol", {
    ...MODEL_FILES,
    "data/model/model.json": JSON.stringify({ weights: [0.5, -1.25, 2.000001] }),
  });
  const problem = await failure(load(wrong));
  expect(problem.code).toBe("deployment.smoke_failed");
  expect(problem.detail).toMatch(/output prediction has 4\.00000\d+ instead of 4 in row 0/);
  expect(stack.rollout.status(VOL)).toMatchObject({ state: "live", version });
  expect(stack.services.has(`model-vol-${wrong}`)).toBe(false);
  await stack.rollout.infer(VOL, EXAMPLE.request);

  const next = await stack.register("vol", MODEL_FILES);
  await load(next);
  const answer = await stack.rollout.infer(VOL, EXAMPLE.request);
  expect(answer.model_version).toBe(next);
  expect(stack.services.has(`model-vol-${version}`)).toBe(false);
});

test("a version that is not registered, or is no model of ours, is named", async () => {
  expect((await failure(load("999"))).code).toBe("registry.not_found");
  expect(await stack.rollout.preflight({ model: "vol", version: "999" })).toMatchObject([
    { code: "registry.not_found" },
  ]);
  const foreign = await stack.register("vol", { MLmodel: "flavors: {}" });
  expect((await failure(load(foreign))).code).toBe("deployment.not_a_workbench_model");
  const { "data/model/model.json": model } = MODEL_FILES;
  const untested = await stack.register("vol", { "data/model/model.json": model });
  expect((await failure(load(untested))).code).toBe("deployment.no_example");
});

test("a model that cannot be read fails with the server's own words", async () => {
  const broken = await stack.register("vol", { ...MODEL_FILES, "data/model/model.json": "{}" });
  const problem = await failure(load(broken));
  expect(problem.code).toBe("service.exited_at_start");
  expect(problem.detail).toContain("KeyError");
});

test("a model that cannot answer its example is not put live, and its log is named", async () => {
  const narrow = await stack.register("vol", {
    ...MODEL_FILES,
    "data/model/model.json": JSON.stringify({ weights: [1] }),
  });
  const problem = await failure(load(narrow));
  expect(problem.code).toBe("deployment.smoke_failed");
  expect(readFileSync(problem.where?.log as string, "utf8")).toContain("ValueError");
  expect(stack.rollout.status(VOL)).toBeUndefined();
});

test("a local copy that was damaged is fetched again", async () => {
  await load();
  await stack.rollout.unload(VOL);
  const copies = join(stack.workspace.serving, "models", "vol", version);
  const file = join(copies, "data", "model", "model.json");
  writeFileSync(file, "{");
  await load();
  expect(readFileSync(file, "utf8")).toBe(MODEL_FILES["data/model/model.json"]);
  rmSync(copies, { recursive: true });
  await stack.rollout.unload(VOL);
  await load();
  expect(readdirSync(copies)).toContain("copy.json");
});

test("after a crash of the workbench, what was live is live again, by the same process", async () => {
  const root = stack.workspace.root;
  const program = join(import.meta.dirname, "programs/crashing-owner.ts");
  await stack.services.stopAll();
  const owner = spawn(process.execPath, [program, root, version], { stdio: "inherit" });
  expect(await once(owner, "exit")).toEqual([null, "SIGKILL"]);

  const reopened = new LocalStack({ root });
  stack.rollout.close();
  stack = reopened;
  const [outcome] = await stack.rollout.restore([{ deployment: VOL, model: "vol", version }]);
  expect(outcome?.status).toBe("fulfilled");
  expect(stack.services.statusOf(`model-vol-${version}`).adopted).toBe(true);
  expect(stack.services.statusOf("router").adopted).toBe(true);
  await stack.rollout.infer(VOL, EXAMPLE.request);
  // The version's copy was at hand, so that nobody had to start the registry.
  expect(stack.services.statusOf("mlflow").state).toBe("stopped");
});
