import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openProjectIndex } from "../../main/project-index/project-index.ts";
import { Workspace } from "../../main/runtime/workspace.ts";
import { loadPlan } from "../../main/stack/compose/load.ts";
import { connect } from "../../main/stack/docker/connection.ts";
import { imageRevision } from "../../main/stack/docker/image-revision.ts";
import { DockerSupervisor } from "../../main/stack/docker/supervisor.ts";
import { standIns } from "./support/debian-image.ts";

const BUNDLES = join(import.meta.dirname, "../../compose-bundles");
const PROJECT = `bft-notebooks-${process.pid}`;

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the bundle notebooks", () => {
  let workspace: Workspace;
  let supervisor: DockerSupervisor;
  let address: string;

  beforeAll(async () => {
    workspace = new Workspace(mkdtempSync(join(tmpdir(), "notebooks-"))).create();
    writeRun();
    const plan = loadPlan({
      files: ["compose.yaml", "workspace.yaml"].map((name) => join(BUNDLES, name)),
      profiles: ["notebooks"],
      projectName: PROJECT,
      environment: {
        ...standIns(),
        BREADTHFLOW_REVISION: imageRevision(BUNDLES),
        BREADTHFLOW_WORKSPACE: workspace.root,
        // As the workbench does: what is written belongs to who runs it.
        BREADTHFLOW_USER: `${process.getuid?.()}:${process.getgid?.()}`,
        BREADTHFLOW_UID: String(process.getuid?.()),
      },
    });
    supervisor = await new DockerSupervisor(await connect(), plan, workspace.logs).open();
    await supervisor.up();
    const found = supervisor.status().find(({ service }) => service === "notebooks");
    address = `http://127.0.0.1:${found?.ports.http}`;
  }, 1_800_000);

  afterAll(async () => {
    await supervisor?.down({ volumes: true });
    await supervisor?.close();
    rmSync(workspace.root, { recursive: true, force: true });
  });

  /** A run that has ended, in an index that nobody has open. */
  function writeRun(): void {
    openProjectIndex({ file: workspace.index, backups: workspace.backups }).close();
    const index = new Database(workspace.index);
    index
      .prepare("INSERT INTO runs (id, idea, document, state, started) VALUES (?, ?, ?, ?, ?)")
      .run("r-0123456789", "small", '{"name":"Small"}', "done", "2026-01-01T00:00:00Z");
    index.close();
  }

  const inside = (...command: string[]) =>
    execFileSync("docker", ["exec", `${PROJECT}-notebooks-1`, ...command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();

  test("opens for the token that was made, and has a notebook to begin with", async () => {
    expect((await fetch(`${address}/api/contents`)).status).toBe(403);
    const token = inside("cat", "/secrets/notebook-token");
    expect(token.length).toBeGreaterThanOrEqual(40);
    const answer = await fetch(`${address}/api/contents`, {
      headers: { authorization: `token ${token}` },
    });
    const { content } = (await answer.json()) as { content: { name: string }[] };
    expect(content.map(({ name }) => name)).toEqual(["latest-run.ipynb"]);
    expect(existsSync(join(workspace.notebooks, "latest-run.ipynb"))).toBe(true);
    const inspected = execFileSync("docker", ["inspect", `${PROJECT}-notebooks-1`], {
      encoding: "utf8",
    });
    expect(inspected).not.toContain(token);
  });

  test("reads the runs of the workspace, and can write nothing of it but notebooks", () => {
    const asked = "from breadthflow_engine.notebook import latest_run; print(latest_run().id)";
    expect(inside("python", "-c", asked)).toBe("r-0123456789");
    expect(() => inside("touch", join(workspace.root, "index.db"))).toThrow(/Read-only/);
    expect(() => inside("touch", "/opt/mine")).toThrow(/Read-only/);
    inside("touch", "/data/notebooks/mine.ipynb");
    expect(existsSync(join(workspace.notebooks, "mine.ipynb"))).toBe(true);
  });
});
