import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../contract/run.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

const DISK_MB = 48;

/** A small disk of its own needs the right to mount one: root on Linux, as in CI. */
const mayMount = process.platform === "linux" && process.getuid?.() === 0;
if (!mayMount) console.warn("The full disk is not tested: only root can mount a small one.");

describe.skipIf(!mayMount)("a disk that is full while an artifact is written", () => {
  const disk = mkdtempSync(join(tmpdir(), "breadthflow-disk-"));
  const ballast = join(disk, "ballast");
  const cli = new CommandLine(join(disk, "workspace"));
  let idea: string;
  let prices: string;

  beforeAll(async () => {
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MB}m`, "none", disk]);
    expect(mounted.status, String(mounted.stderr)).toBe(0);
    idea = join(disk, "small.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    prices = await writePanel(disk, { symbols: 40, days: 800 });
  });
  afterAll(async () => {
    await cli.run("stop");
    spawnSync("umount", ["--lazy", disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  /** Takes up the disk but for so many bytes. */
  async function fill(leave: number): Promise<void> {
    const { bavail, bsize } = statfsSync(disk);
    const file = await open(ballast, "w");
    await file.writeFile(Buffer.alloc(bavail * bsize - leave, 1));
    await file.close();
  }

  it("ends in an error that names it; when there is room, the run is taken up where it was", async () => {
    const bars = await cli.json<{ version: number }>("data", "import", "panel", prices);
    await fill(1_200_000);

    const failed = await cli.run("run", idea, "--json");
    expect(failed.code).not.toBe(0);
    const cut = JSON.parse(failed.stdout) as RunResult;
    expect(cut.state).toBe("failed");
    expect(cut.problem?.code).toBe("artifact.disk_full");
    expect(cut.problem?.detail).toContain(join(disk, "workspace", "cache"));
    expect(cut.problem?.hint).toMatch(/free some space/i);
    const states = new Map(cut.steps.map(({ name, state }) => [name, state]));
    expect(states.get("ingest")).toBe("cached");
    expect([...states.values()]).toContain("failed");
    const kept = cut.steps.filter(({ state }) => ["done", "cached"].includes(state));

    // The owner was not harmed, and neither was what it knows.
    expect(await cli.json("runs", "show", cut.run)).toMatchObject({ state: "failed" });
    expect(await cli.json("data", "list")).toMatchObject([{ version: bars.version }]);

    rmSync(ballast);
    const whole = await cli.json<RunResult>("runs", "resume", cut.run);
    expect(whole.run).toBe(cut.run);
    expect(whole.state).toBe("done");
    const again = new Map(whole.steps.map(({ name, state }) => [name, state]));
    for (const { name } of kept) expect(again.get(name), name).toBe("cached");
  });
});
