import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../contract/run.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

const HEAD = "date,symbol,open,high,low,close,volume";
const BAR = "2015-01-05,AAA,10,11,9,10.5,1000";

describe("bad input ends in a problem that names the file or field, and what to do", () => {
  let cli: CommandLine;
  let prices: string;

  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
    prices = await writePanel(cli.workspace, { symbols: 6, days: 120 });
  });
  afterAll(() => cli.remove());

  async function importing(name: string, content: string | Uint8Array) {
    const file = join(cli.workspace, name);
    await writeFile(file, content);
    const problem = await cli.problem("data", "import", "bad", file);
    expect(problem.hint.length).toBeGreaterThan(10);
    return problem;
  }

  it.each([
    ["empty.csv", ""],
    ["header-only.csv", `${HEAD}\n`],
    ["not-csv.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3, 0xff, 0xfe])],
    ["not-parquet.parquet", "date,symbol\n"],
    ["no-close.csv", "date,symbol,open\n2015-01-05,AAA,10\n"],
    ["text-price.csv", `${HEAD}\n${BAR}\n2015-01-06,AAA,10,11,9,ten,1000\n`],
  ])("names the file: %s", async (name, content) => {
    const problem = await importing(name, content);
    expect(problem.detail).toContain(name);
  });

  it("names the line and the value of text in a price column", async () => {
    const problem = await importing(
      "ten.csv",
      `${HEAD}\n${BAR}\n2015-01-06,AAA,10,11,9,ten,1000\n`,
    );
    expect(problem.detail).toContain("close");
    expect(problem.detail).toContain("ten");
  });

  it("survives a line of 50 MB", async () => {
    const file = join(cli.workspace, "long-line.csv");
    await new Promise<void>((resolve, reject) => {
      const stream = createWriteStream(file);
      stream.on("error", reject).on("finish", resolve);
      stream.write(`${HEAD}\n${BAR}\n2015-01-06,`);
      for (let index = 0; index < 50; index++) stream.write("A".repeat(1024 * 1024));
      stream.end(",1,1,1,1,1\n");
    });
    const problem = await cli.problem("data", "import", "bad", file);
    expect(problem.detail).toContain("long-line.csv");
  });

  it("says when a path does not exist or a folder has no data", async () => {
    const missing = join(cli.workspace, "nowhere.csv");
    expect((await cli.problem("data", "import", "bad", missing)).detail).toContain("nowhere.csv");
    const empty = join(cli.workspace, "empty-folder");
    await mkdir(empty);
    expect((await cli.problem("data", "import", "bad", empty)).detail).toContain("empty-folder");
  });

  it.each([
    ["an unknown key", (yaml: string) => `${yaml}colour: red\n`, "colour"],
    [
      "a wrong type",
      (yaml: string) => yaml.replace("horizon: 5", "horizon: soon"),
      "target.horizon",
    ],
    [
      "a budget of 0 s",
      (yaml: string) => yaml.replace("budget_seconds: 30", "budget_seconds: 0"),
      "budget_seconds",
    ],
    [
      "a horizon longer than the data",
      (yaml: string) => yaml.replace("horizon: 5", "horizon: 200"),
      "horizon",
    ],
    ["no features", (yaml: string) => yaml.replace("[price, volatility, volume]", "[]"), "feature"],
    ["broken YAML", () => "breadthflow: [1\n", "line"],
  ])("an idea with %s", async (_, spoil, named) => {
    const idea = join(cli.workspace, "spoilt.idea.yaml");
    await writeFile(idea, spoil(SMALL_IDEA));
    const problem = await cli.problem("run", idea, "--data", prices);
    expect(problem.detail).toContain(named);
    expect(problem.hint.length).toBeGreaterThan(10);
  });

  it("is still in order after all that", async () => {
    const runs = await cli.json<{ state: string }[]>("runs");
    expect(runs.every((run) => run.state === "failed")).toBe(true);
    const idea = join(cli.workspace, "good.idea.yaml");
    await writeFile(idea, SMALL_IDEA);
    const larger = await writePanel(cli.workspace);
    const run = await cli.json<RunResult>("run", idea, "--data", larger);
    expect(run.state).toBe("done");
  });

  it("names a damaged index, and what to do", async () => {
    const other = await CommandLine.inNewWorkspace();
    try {
      await writeFile(join(other.workspace, "index.db"), "this is no database");
      const problem = await other.problem("runs");
      expect(problem.code).toBe("index.damaged");
      expect(problem.detail).toContain("index.db");
      expect(problem.hint).toContain("backups");
    } finally {
      await other.remove();
    }
  });

  it("says which commands need a run or deployment that is not there", async () => {
    expect((await cli.problem("runs", "show", "r-0000000000")).detail).toContain("r-0000000000");
    expect((await cli.problem("infer", "nothing", "--example")).detail).toContain("nothing");
    expect((await cli.problem("runs", "show", "seven")).detail).toContain("seven");
  });
});
