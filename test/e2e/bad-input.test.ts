import { createWriteStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunFinding, RunResult } from "../../contract/run.ts";
import { CommandLine } from "./command-line.ts";
import { SMALL_IDEA, writePanel } from "./panel.ts";

const HEAD = "date,symbol,open,high,low,close,volume";
type Checked = {
  rows: number;
  cached: boolean;
  findings: RunFinding[];
  summary: Record<string, unknown>;
};
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

  it.each([
    ["one symbol", { symbols: 1 }, "universe.one_symbol", "one symbol"],
    ["two symbols", { symbols: 2 }, "universe.too_few_symbols", "2 symbols"],
    ["one day", { days: 1 }, "label.horizon_too_long", "1"],
  ])("bars of %s", async (_, size, code, said) => {
    const few = await CommandLine.inNewWorkspace();
    try {
      const idea = join(few.workspace, "small.idea.yaml");
      await writeFile(idea, SMALL_IDEA);
      const bars = await writePanel(few.workspace, { symbols: 6, days: 120, ...size });
      const problem = await few.problem("run", idea, "--data", bars);
      expect(problem.code).toBe(code);
      expect(problem.detail).toContain(said);
      expect(problem.hint).toMatch(/symbols|history/);
    } finally {
      await few.remove();
    }
  });

  it("a bar of a year to come is one finding, and out of the way", async () => {
    const future = join(cli.workspace, "future.csv");
    const bars = await readFile(prices, "utf8");
    await writeFile(future, `${bars}2400-01-05,S003,10,11,9,10.5,1000\n`);
    const before = await cli.json<Checked>("data", "import", "past", prices);
    const imported = await cli.json<Checked>("data", "import", "future", future);
    expect(imported).toMatchObject({ rows: before.rows + 1, last: "2400-01-05" });
    const past = await cli.json<Checked>("data", "check", "past");
    const { findings, summary } = await cli.json<Checked>("data", "check", "future");
    const found = findings.filter(({ rule }) => rule === "future_date");
    expect(found).toMatchObject([
      { symbol: "S003", from: "2400-01-05", severity: "error", action: "quarantined", rows: 1 },
    ]);
    expect(findings).toEqual([...found, ...past.findings]);
    expect(summary.quarantined_rows).toBe(Number(past.summary.quarantined_rows) + 1);
    expect((await cli.json<Checked>("data", "check", "future")).cached).toBe(true);
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
