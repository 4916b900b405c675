import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deployment, InferResponse } from "../../contract/deployment.ts";
import type { RunResult } from "../../contract/run.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

const HOUSE = join(import.meta.dirname, "../..");
const MODULES = join(HOUSE, "node_modules");

/** A Node that is too old for the product, if this machine has one. */
const oldNode = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, process.platform === "win32" ? "node.exe" : "node"))
  .find((node) => existsSync(node) && major(node) >= 20 && major(node) < 24);

function major(node: string): number {
  const asked = spawnSync(node, ["--version"], { encoding: "utf8" });
  return Number(/^v(\d+)/.exec(asked.stdout ?? "")?.[1] ?? 0);
}

/** What `npm install` makes of the product's package, with the packages that are here already. */
async function install(folder: string): Promise<string> {
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const packed = spawnSync(command, [...args, ...pack], { cwd: HOUSE, encoding: "utf8" });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const modules = join(folder, "node_modules");
  const product = join(modules, "breadthflow-workbench");
  await pipeline(
    createReadStream(join(folder, filename)),
    createGunzip(),
    extract(product, {
      map: (header) => ({ ...header, name: header.name.replace("package/", "") }),
    }),
  );
  for (const name of readdirSync(MODULES)) {
    if (!name.startsWith(".")) await symlink(join(MODULES, name), join(modules, name), "junction");
  }
  return product;
}

describe("the product as npm installs it, below a folder node_modules", () => {
  let folder: string;
  let program: string;
  let cli: CommandLine;

  beforeAll(async () => {
    // Its address has what an address must escape.
    folder = await mkdtemp(join(tmpdir(), "breadthflow installed-"));
    const { bin } = (await import("../../package.json", { with: { type: "json" } })).default;
    program = join(await install(folder), bin.breadthflow);
    cli = at("workspace");
    await mkdir(cli.workspace);
  });
  afterAll(async () => {
    await cli.run("stop");
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  function at(workspace: string, node?: string): CommandLine {
    // Environments are made below the product on first use; these are there already.
    const core = process.env.BREADTHFLOW_CORE_PYTHON;
    const made = core ? dirname(dirname(dirname(core))) : join(HOUSE, ".venv");
    const env = { BREADTHFLOW_ENVIRONMENTS: process.env.BREADTHFLOW_ENVIRONMENTS || made };
    return new CommandLine(join(folder, workspace), { program, env, ...(node ? { node } : {}) });
  }

  it("takes an idea to an endpoint that answers: command line, owner, engine and router", async () => {
    const idea = join(cli.workspace, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    const run = await cli.json<RunResult>(
      ...["run", idea, "--data", await writePanel(cli.workspace)],
    );
    expect(run.state).toBe("done");
    const against = run.verdict === "deploy" ? [] : ["--against-verdict", "to see it served"];
    const deployed = await cli.run("deploy", run.run, ...against);
    expect(deployed.stderr).toBe("");
    expect(deployed.stdout).toContain("breadthflow infer small --example");
    const answer = await cli.json<InferResponse>("infer", "small", "--example");
    expect(answer.outputs[0]?.data[0]).toBeTypeOf("number");
    expect(await cli.json<Deployment[]>("deployments")).toMatchObject([{ state: "live" }]);
  });

  it.skipIf(!oldNode)("starts itself anew on a Node that is new enough", async () => {
    const { code, stdout, stderr } = await at("workspace", oldNode).run("doctor", "--json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; found: string }[] };
    expect(checks.find(({ name }) => name === "Node")?.found).toMatch(/^v2[4-9]/);
  });

  it("says with its exit code that a command failed", async () => {
    const ended = await at("workspace", oldNode).run("runs", "show", "r-0000000000");
    expect(ended.code).toBe(1);
    expect(ended.stderr).not.toContain("ExperimentalWarning");
  });
});
