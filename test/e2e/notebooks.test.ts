import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../contract/run.ts";
import { Environments } from "../../main/runtime/environments.ts";
import { Ports } from "../../main/runtime/ports.ts";
import { Workspace } from "../../main/runtime/workspace.ts";
import { NativeSupervisor } from "../../main/stack/native/supervisor.ts";
import { notebooksService } from "../../main/stack/services/notebooks.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

const ROOT = join(import.meta.dirname, "../..");
const TOKEN = "the-token-of-the-notebooks";
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
  let services: NativeSupervisor;
  let run: RunResult;
  let address: string;

  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
    workspace = new Workspace(cli.workspace).create();
    const idea = join(cli.workspace, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    run = await cli.json<RunResult>("run", idea, "--data", await writePanel(cli.workspace));
    services = new NativeSupervisor({
      runFolder: workspace.run,
      logFolder: workspace.logs,
      ports: new Ports(join(workspace.run, "notebook-ports.json")),
    });
    const starters = join(ROOT, "resources", "notebooks");
    services.add(notebooksService({ environments, workspace, starters, token: TOKEN }));
    const { ports } = await services.start("notebooks");
    address = `http://127.0.0.1:${ports.http}`;
  });

  afterAll(async () => {
    await services?.stop("notebooks");
    await cli?.remove();
  });

  it("open for whoever has the token, and for no other name than this machine's", async () => {
    const ask = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${address}${path}`, { headers, redirect: "manual" });
    expect((await ask("/api/contents")).status).toBe(403);
    expect((await ask("/api/contents?token=wrong")).status).toBe(403);
    const page = services.specOf("notebooks").page as string;
    expect(await (await ask(page)).text()).toContain("JupyterLab");
    const headers = { authorization: `token ${TOKEN}` };
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
    await services.restart("notebooks");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});
