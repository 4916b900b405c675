import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

type Json = Record<string, unknown>;

/** Scripts rely on these names; there may be more. */
function expectKeys(value: unknown, names: string): void {
  expect(Object.keys(value as object)).toEqual(expect.arrayContaining(names.split(" ")));
}

describe("the JSON that scripts rely on", () => {
  let cli: CommandLine;
  let run: Json;
  let imported: Json;

  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
    const prices = await writePanel(cli.workspace);
    const rows = (await readFile(prices, "utf8")).trimEnd().split("\n");
    // The close of one bar is made negative.
    const at = rows.findIndex((row) => row.startsWith("2015-06-01,S003,"));
    const cells = rows[at]?.split(",") ?? [];
    rows[at] = [...cells.slice(0, 5), `-${cells[5]}`, cells[6]].join(",");
    await writeFile(prices, `${rows.join("\n")}\n`);
    imported = await cli.json("data", "import", "panel", prices);
    const idea = join(cli.workspace, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    run = await cli.json("run", idea);
  });
  afterAll(() => cli.remove());

  it("run: what was done, found and decided", async () => {
    expectKeys(run, "run idea data findings features metrics verdict gates model steps seconds");
    expectKeys(run.data, "name version rows symbols");
    expectKeys(run.features, "made kept");
    expectKeys(
      run.metrics,
      "rank_ic icir baseline_rank_ic folds_ahead folds sharpe_net deflated_sharpe trials",
    );
    expect(["deploy", "watch", "reject"]).toContain(run.verdict);
    for (const gate of run.gates as Json[]) expectKeys(gate, "name value threshold passed");
    const steps = run.steps as Json[];
    for (const step of steps) expectKeys(step, "name seconds cached");
    expect(steps.map(({ name }) => name).join(" ")).toBe(
      "ingest check features select train backtest judge register",
    );
    expect(await cli.json("runs", "show", run.run as string)).toEqual(run);
    const [listed] = await cli.json<Json[]>("runs");
    expectKeys(listed, "run idea state");
  });

  it("findings: of a run, and of the data set's check", async () => {
    const checked = await cli.json<Json>("data", "check", "panel");
    expectKeys(checked, "name version rows symbols cached seconds findings summary");
    for (const findings of [run.findings, checked.findings] as Json[][]) {
      const [planted] = findings.filter(({ rule }) => rule === "non_positive_price");
      expectKeys(planted, "rule severity symbol from to action rows detail");
      expect(planted).toMatchObject({
        severity: "error",
        symbol: "S003",
        from: "2015-06-01",
        to: "2015-06-01",
        action: "quarantined",
      });
    }
  });

  it("data import and data list: a version and its size", async () => {
    const keys = "name version rows symbols first last created";
    expectKeys(imported, `${keys} cached seconds`);
    const [listed] = await cli.json<Json[]>("data", "list");
    expectKeys(listed, keys);
    expect(listed).toMatchObject({ name: "panel", version: 0, rows: 24 * 420, symbols: 24 });
  });

  it("deploy, infer, deployments, models, stop: a model and what serves it", async () => {
    const deployed = await cli.json<Json>(
      ...["deploy", run.run as string],
      ...(run.verdict === "deploy" ? [] : ["--against-verdict", "the shapes are what counts"]),
    );
    expectKeys(deployed, "deployment endpoint model version ready_seconds");
    const answer = await cli.json<Json>("infer", "small", "--example");
    expectKeys(answer, "model_name outputs");
    expectKeys((answer.outputs as Json[])[0], "name shape datatype data");
    const [listed] = await cli.json<Json[]>("deployments");
    expectKeys(listed, "deployment endpoint model version state ready_seconds");
    expectKeys(await cli.json("deployments", "--token", "small"), "endpoint token example");
    const [model] = await cli.json<Json[]>("models");
    expectKeys(model, "name version run verdict");
    expect(await cli.json("stop", "small")).toEqual({ stopped: ["small"] });
  });

  it("doctor: checks and services; stop without a name: all that ran", async () => {
    const before = await cli.json<Json>("doctor");
    expectKeys(before, "workspace checks services");
    expectKeys((before.checks as Json[])[0], "name state found hint");
    const services = before.services as Json[];
    expectKeys(services[0], "name state port");
    const { stopped } = await cli.json<{ stopped: string[] }>("stop");
    expect(stopped).toEqual(expect.arrayContaining(["engine", "mlflow"]));
    expect(await cli.json("doctor")).toMatchObject({ services: [] });
    expect(await cli.json("stop")).toEqual({ stopped: [] });
  });

  it("ideas templates: a JSON Schema that takes every template and refuses an unknown key", async () => {
    const { templates, schema } = await cli.json<{ templates: Json[]; schema: Json }>(
      ...["ideas", "templates"],
    );
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(templates.map(({ template }) => template)).toEqual(
      expect.arrayContaining(["volatility", "reversal"]),
    );
    for (const { template } of templates) {
      const { yaml } = await cli.json<{ yaml: string }>("ideas", "new", template as string);
      const idea = parse(yaml) as Json;
      expect(validate(idea), `${template}: ${JSON.stringify(validate.errors)}`).toBe(true);
      expect(validate({ ...idea, colour: "red" })).toBe(false);
      const target = { ...(idea.target as Json), colour: "red" };
      expect(validate({ ...idea, target })).toBe(false);
    }
  });

  it.each(["volatility", "reversal"])("ideas new %s prints YAML alone", async (name) => {
    const { code, stdout } = await cli.run("ideas", "new", name);
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({ breadthflow: 1, id: name });
  });
});
