import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../contract/run.ts";
import type { ServiceView } from "../../contract/service.ts";
import { Environments } from "../../main/runtime/environments.ts";
import { Secrets } from "../../main/runtime/secrets.ts";
import { Workspace } from "../../main/runtime/workspace.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

const ROOT = join(import.meta.dirname, "../..");
const STARTER = "latest-run.ipynb";

interface Cell {
  cell_type: string;
  outputs?: { text?: string[]; data?: Record<string, unknown> }[];
}

describe("notebooks, as a process of this machine", () => {
  const environments = new Environments({
    root: ROOT,
    override: process.env.BREADTHFLOW_ENVIRONMENTS,
  });
  let cli: CommandLine;
  let workspace: Workspace;
  let run: RunResult;
  let address: string;
  let token: string;

  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
    workspace = new Workspace(cli.workspace).create();
    const idea = join(cli.workspace, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    run = await cli.json<RunResult>("run", idea, "--data", await writePanel(cli.workspace));
    const up = await cli.json<ServiceView[]>("stack", "up", "--native", "--profile", "notebooks");
    expect(up).toMatchObject([
      { service: "notebooks", state: "ready", health: "healthy", supervisor: "native" },
    ]);
    address = `http://127.0.0.1:${up[0]?.ports.http}`;
    token = new Secrets(workspace.secrets).get("notebooks");
  });

  afterAll(() => cli?.remove());

  it("open for whoever has the token, and for no other name than this machine's", async () => {
    const ask = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${address}${path}`, { headers, redirect: "manual" });
    expect((await ask("/api/contents")).status).toBe(403);
    expect((await ask("/api/contents?token=wrong")).status).toBe(403);
    // The page that `stack up` tells of.
    const { stdout } = await cli.run("stack", "up", "--native", "--profile", "notebooks");
    const page = /http:\S+\/lab\?token=\S+/.exec(stdout)?.[0] ?? "";
    expect(page).toContain(address);
    expect(await (await ask(page.slice(address.length))).text()).toContain("JupyterLab");
    const headers = { authorization: `token ${token}` };
    const listed = (await (await ask("/api/contents", headers)).json()) as {
      content: { name: string }[];
    };
    expect(listed.content.map(({ name }) => name)).toEqual([STARTER]);
    expect((await ask("/api/terminals", headers)).status).toBe(404);
  });

  it("begin with one that shows the latest run, which it does", async () => {
    const python = environments.python("notebooks");
    await promisify(execFile)(
      python,
      [
        ...["-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace"],
        join(workspace.notebooks, STARTER),
      ],
      {
        env: {
          ...process.env,
          PYTHONPATH: environments.enginePackage,
          BREADTHFLOW_WORKSPACE: workspace.root,
        },
      },
    );
    const { cells } = JSON.parse(readFileSync(join(workspace.notebooks, STARTER), "utf8")) as {
      cells: Cell[];
    };
    const outputs = cells.flatMap(({ outputs = [] }) => outputs);
    const text = outputs.flatMap((one) => one.text ?? []).join("");
    expect(text).toContain(`Small volatility idea ${run.run} done ${run.verdict}`);
    expect(text).toContain(run.summary as string);
    const gates = outputs.find(({ data }) => JSON.stringify(data ?? {}).includes("threshold"));
    for (const { label } of run.gates) expect(JSON.stringify(gates)).toContain(label.slice(0, 10));
    expect(outputs.some(({ data }) => data && "image/png" in data)).toBe(true);
  });

  it("leave one that was changed as it is when they are started again", async () => {
    const file = join(workspace.notebooks, STARTER);
    writeFileSync(file, "mine");
    await cli.json("stack", "restart", "notebooks", "--native");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("are found again by the workbench that comes after one that was killed", async () => {
    const of = (file: string) => JSON.parse(readFileSync(join(workspace.run, file), "utf8"));
    const { pid } = of("services.json").notebooks;
    process.kill(of("owner.json").pid, "SIGKILL");
    await cli.json("runs");
    const state = async () =>
      (await cli.json<ServiceView[]>("stack", "ps", "--profile", "notebooks"))[0]?.state;
    await expect.poll(state, { timeout: 30_000 }).toBe("ready");
    expect(of("services.json").notebooks.pid).toBe(pid);
  });

  it("end with their profile, and with all else", async () => {
    const answers = () =>
      fetch(`${address}/api`).then(
        () => true,
        () => false,
      );
    await cli.json("stack", "down", "--native", "--profile", "notebooks");
    expect(await answers()).toBe(false);
    await cli.json("stack", "up", "--native", "--profile", "notebooks");
    expect(await answers()).toBe(true);
    expect((await cli.json<{ stopped: string[] }>("stop")).stopped).toContain("notebooks");
    await expect.poll(answers, { timeout: 30_000 }).toBe(false);
  });
});
