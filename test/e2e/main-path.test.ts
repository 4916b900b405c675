import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deployment, InferResponse } from "../../contract/deployment.ts";
import type { RunResult } from "../../contract/run.ts";
import type { Access } from "../../main/shells/cli/latency.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

describe("the main path, by the command line", () => {
  let cli: CommandLine;
  let idea: string;
  let prices: string;
  let run: RunResult;

  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
    idea = join(cli.workspace, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    prices = await writePanel(cli.workspace);
    run = await cli.json<RunResult>("run", idea, "--data", prices);
  });
  afterAll(() => cli.remove());

  it("takes an idea from prices to a registered model", () => {
    expect(run.state).toBe("done");
    expect(run.data).toMatchObject({ version: 0, rows: 24 * 420, symbols: 24 });
    expect(run.features?.made).toBeGreaterThan(20);
    expect(run.features?.kept).toBeLessThanOrEqual(12);
    expect(run.metrics?.trials).toBe(4);
    expect(run.metrics?.folds).toBe(3);
    expect(run.verdict).not.toBeNull();
    expect(run.model?.version).toBe("1");
    expect(run.steps.map((step) => step.state)).toEqual(Array(8).fill("done"));
    expect(run.leaderboard.map((entry) => entry.kind)).toContain("baseline");
  });

  it("finds everything in the cache the second time", async () => {
    const again = await cli.json<RunResult>("run", idea, "--data", prices);
    expect(again.run).not.toBe(run.run);
    expect(again.steps.every((step) => step.cached)).toBe(true);
    expect(again.metrics).toEqual(run.metrics);
    expect(again.gates).toEqual(run.gates);
    expect(again.model).toEqual(run.model);
  });

  it("lists what there is", async () => {
    const runs = await cli.json<{ run: string }[]>("runs");
    expect(runs.map((one) => one.run)).toContain(run.run);
    expect(await cli.json("runs", "show", run.run)).toEqual(run);
    expect(await cli.json("models")).toMatchObject([{ ...run.model, run: run.run }]);
    expect(await cli.json("data", "list")).toMatchObject([{ rows: 24 * 420 }]);
    const { csv } = await cli.json<{ csv: string }>("data", "ledger", run.data?.name as string);
    const [head, ...lines] = csv.trimEnd().split("\r\n");
    expect(head).toMatch(/^data_set,idea,run,train_key,trial,engine,state,score/);
    expect(lines).toHaveLength(run.metrics?.trials as number);
    expect(lines.every((line) => line.includes(`,small,${run.run},`))).toBe(true);
  });

  it("serves the model until it is stopped", async () => {
    const deployed = await cli.json<Deployment & { endpoint: string }>(
      "deploy",
      run.run,
      ...(run.verdict === "deploy" ? [] : ["--against-verdict", "the end-to-end test serves it"]),
    );
    expect(deployed.state).toBe("live");
    expect(deployed.ready_seconds).toBeGreaterThan(0);

    const answer = await cli.json<InferResponse>("infer", deployed.deployment, "--example");
    expect(answer.outputs[0]?.data[0]).toBeTypeOf("number");

    const unauthorised = await fetch(deployed.endpoint, { method: "POST", body: "{}" });
    expect(unauthorised.status).toBe(401);

    const { endpoint, token, example } = await cli.json<Access>("deployments", "--token", "small");
    const asked = await fetch(endpoint, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(example),
    });
    expect(asked.status).toBe(200);
    expect(((await asked.json()) as InferResponse).outputs).toEqual(answer.outputs);
    expect((await cli.run("deployments", "--token", "small")).stdout).toBe(`${token}\n`);
    expect((await cli.run("deployments", "--json")).stdout).not.toContain(token);
    expect((await cli.run("deployments")).stdout).not.toContain(token);

    await cli.json("stop", deployed.deployment);
    const { code } = await cli.problem("deployments", "--token", "small");
    expect(code).toBe("deployment.not_live");
    const [listed] = await cli.json<Deployment[]>("deployments");
    expect(listed).toMatchObject({
      state: "stopped",
      verdict: run.verdict,
      against_verdict: run.verdict === "deploy" ? null : "the end-to-end test serves it",
    });
    await expect(
      fetch(deployed.endpoint, { method: "POST", body: "{}" }).then((response) => response.status),
    ).resolves.not.toBe(200);
  });

  it("leaves a report, on disk and beside the model in MLflow", async () => {
    const html = await readFile(run.report as string, "utf8");
    expect(html).toContain("Small volatility idea");
    const { services } = await cli.json<{ services: { name: string; port: number }[] }>("doctor");
    const url = `http://127.0.0.1:${services.find(({ name }) => name === "mlflow")?.port}`;
    const ask = async <T>(path: string) =>
      (await (await fetch(`${url}/api/2.0/mlflow/${path}`)).json()) as T;
    const { model_version } = await ask<{ model_version: { run_id: string } }>(
      `model-versions/get?name=small&version=${run.model?.version}`,
    );
    const { files } = await ask<{ files: { path: string }[] }>(
      `artifacts/list?run_id=${model_version.run_id}`,
    );
    expect(files.map((file) => file.path)).toContain("report.html");
  });

  it("enters trials that were made elsewhere, the same file once", async () => {
    const file = join(cli.workspace, "events.jsonl");
    const trial = { kind: "trial", number: 0, engine: "ridge", params: {}, state: "failed" };
    await writeFile(file, `${JSON.stringify({ ...trial, fold_scores: [], seconds: 1 })}\n`);
    const enter = () => cli.json("data", "ledger", run.data?.name as string, "--add", file);
    const made = run.metrics?.trials as number;
    expect(await enter()).toEqual({ added: 1, all: made + 1 });
    expect(await enter()).toEqual({ added: 0, all: made + 1 });
  });

  it("refuses to deploy against the verdict without a reason", async () => {
    if (run.verdict === "deploy") return;
    const problem = await cli.problem("deploy", run.run);
    expect(problem.code).toBe("deploy.against_verdict");
    expect(problem.detail).toContain(run.verdict as string);
  });
});
