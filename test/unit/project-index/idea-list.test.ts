import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Idea } from "../../../contract/idea.ts";
import { IdeaQuery } from "../../../contract/idea-list.ts";
import { ContentKey, DataSetName, RunId } from "../../../contract/ids.ts";
import type { Manifest, StepName } from "../../../contract/step.ts";
import { Database } from "../../../main/project-index/database.ts";
import { IdeaList } from "../../../main/project-index/idea-list.ts";
import { migrate, readMigrations } from "../../../main/project-index/migrate.ts";
import { openProjectIndex, type ProjectIndex } from "../../../main/project-index/project-index.ts";

const SHIPPED = join(import.meta.dirname, "../../../main/project-index/migrations");
const JUDGEMENT = key("c");
const IDEA = Idea.parse({
  breadthflow: 1,
  id: "one",
  name: "One",
  tags: ["slow"],
  universe: { data: DataSetName.parse("sp500") },
  target: { kind: "forward_return", horizon: 5 },
  backtest: { strategy: "long_only" },
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const run = (number: number) => RunId.parse(`r-${String(number).padStart(10, "0")}`);

function key(letter: string): ContentKey {
  return ContentKey.parse(letter.repeat(64));
}

function place() {
  const root = mkdtempSync(join(tmpdir(), "breadthflow-list-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return { root, file: join(root, "index.db"), backups: join(root, "backups") };
}

function opened(options: Parameters<typeof openProjectIndex>[0] = place()): ProjectIndex {
  const index = openProjectIndex(options);
  onTestFinished(() => index.close());
  return index;
}

/** A run that came to a verdict, as the pipeline records it. */
function judged(index: ProjectIndex, number: number, verdict: string): void {
  const steps = { train: { rank_ic: 0.5 }, backtest: { sharpe_net: 1.25 }, judge: { verdict } };
  const names = Object.keys(steps) as (keyof typeof steps)[];
  const keys = { train: key("a"), backtest: key("b"), judge: JUDGEMENT };
  index.runs.begin(run(number), IDEA, null, at(number));
  index.steps.plan(run(number), names);
  for (const step of names) {
    index.artifacts.record(keys[step], step, "cache", manifest(step, steps[step]), at(number));
    const end = { state: "done", key: keys[step], seconds: 1, rows: 1, problem: null } as const;
    index.steps.end(run(number), step, { ...end, at: at(number) });
  }
  index.runs.end(run(number), { state: "done", problem: null, seconds: 9, at: at(number) });
}

function manifest(step: StepName, summary: Manifest["summary"]): Manifest {
  const made_by = { step, version: "1", key: "", params: {}, inputs: {}, lock: "", engine: "" };
  return { kind: step, columns: {}, rows: 0, files: [], made_by, summary, seconds: 1 };
}

const only = (index: ProjectIndex) => index.ideaList.page(IdeaQuery.parse({})).rows[0];

describe("a line of the list", () => {
  it("follows the runs of its idea, whatever becomes of them", () => {
    const index = opened();
    index.ideas.save(IDEA, at(0));
    expect(only(index)).toMatchObject({ last: null, judged: null });

    judged(index, 1, "watch");
    expect(only(index)).toMatchObject({
      last: { run: run(1), state: "done", seconds: 9 },
      judged: { run: run(1), verdict: "watch", rank_ic: 0.5, sharpe_net: 1.25 },
    });
    expect(index.runs.list()).toMatchObject([{ run: run(1), verdict: "watch", rank_ic: 0.5 }]);

    index.runs.begin(run(2), IDEA, null, at(2));
    expect(only(index)).toMatchObject({
      last: { run: run(2), state: "running" },
      judged: { run: run(1) },
    });

    index.steps.plan(run(1), ["train", "backtest", "judge"]);
    expect(only(index)).toMatchObject({ judged: null });
    expect(index.runs.ofIdea(IDEA.id)).toMatchObject([
      { run: run(2), number: 2 },
      { run: run(1), number: 1, verdict: null, rank_ic: null },
    ]);

    index.runs.remove(run(2));
    index.runs.remove(run(1));
    expect(only(index)).toMatchObject({ last: null, judged: null });
    index.ideas.remove(IDEA.id);
    expect(index.ideaList.facets()).toMatchObject({ total: 0, tags: [], data: [] });
  });

  it("follows its idea's document, and leaves the menus when it is archived", () => {
    const index = opened();
    index.ideas.save(IDEA, at(0));
    index.ideas.save({ ...IDEA, name: "Two", tags: ["fast", "new"] }, at(1));
    expect(only(index)).toMatchObject({ name: "Two", tags: ["fast", "new"] });
    expect(index.ideaList.facets().tags.map(({ value }) => value)).toEqual(["fast", "new"]);
    expect(index.ideaList.page(IdeaQuery.parse({ tags: ["slow"] })).total).toBe(0);

    index.ideas.archive(IDEA.id, at(2));
    expect(index.ideaList.facets()).toMatchObject({
      total: 0,
      archived: 1,
      tags: [],
      verdicts: [],
    });
    expect(index.ideaList.page(IdeaQuery.parse({ archived: true, tags: ["new"] })).total).toBe(1);
  });

  it("has its picture once somebody has read it", () => {
    const index = opened();
    index.ideas.save(IDEA, at(0));
    judged(index, 1, "deploy");
    expect(only(index)).toMatchObject({ judgement: JUDGEMENT, equity: null });
    index.ideaList.keepPictures(new Map([[JUDGEMENT, [1, 1.5]]]));
    expect(only(index)).toMatchObject({ equity: [1, 1.5] });
  });

  it("is there for the ideas of a workspace that is older than the list", () => {
    const files = place();
    const older = new Database(files.file);
    const migrations = readMigrations(SHIPPED).filter(({ number }) => number < 5);
    migrate(older, migrations, { backups: files.backups, now: () => at(0) });
    older.execute(`
      INSERT INTO ideas (id, name, document, searched, created, updated)
        VALUES ('one', 'One', '${JSON.stringify(IDEA)}', 'one', '2026-01-01', '2026-01-01');
      INSERT INTO runs (id, idea, document, state, started)
        VALUES ('${run(1)}', 'one', '{"name": "One"}', 'done', '2026-01-02');
      INSERT INTO steps (run, step, position, state, key)
        VALUES ('${run(1)}', 'judge', 6, 'cached', '${JUDGEMENT}');
      INSERT INTO artifacts (key, step, kind, path, rows, bytes, summary, created)
        VALUES ('${JUDGEMENT}', 'judge', '', '', 0, 0, '{"verdict": "reject"}', '2026-01-02');`);
    older.close();
    const index = opened(files);
    expect(only(index)).toMatchObject({
      data: "sp500",
      last: { run: run(1) },
      judged: { run: run(1), verdict: "reject", rank_ic: null },
    });
    expect(index.ideaList.facets().tags).toEqual([{ value: "slow", ideas: 1 }]);
    expect(index.runs.list(1)).toMatchObject([{ run: run(1), verdict: "reject", rank_ic: null }]);
  });
});

describe("ten thousand ideas", () => {
  const { sort } = IdeaQuery.shape;
  const orders = sort.unwrap().shape.by.options;

  it.each(orders)("are paged by %s along an index, in either direction", (by) => {
    const plans = plansOf((list) => {
      list.page(IdeaQuery.parse({ sort: { by, descending: true } }));
      list.page(IdeaQuery.parse({ sort: { by, descending: false } }));
    });
    const pages = plans.filter((plan) => plan.includes("LIST SUBQUERY"));
    expect(pages).toHaveLength(2);
    for (const plan of pages) {
      // Only the lines of the page itself are sorted once more.
      expect(plan.split("LIST SUBQUERY")[1]).toMatch(
        `COVERING INDEX idea_lines_by_${by} (shown=?)`,
      );
      expect(plan).not.toMatch(/SCAN/);
    }
  });

  it("are counted for the menus without reading a line", () => {
    const plans = plansOf(() => undefined).filter((plan) => plan !== "");
    expect(plans).toHaveLength(4);
    for (const plan of plans) expect(plan).toMatch(/COVERING INDEX/);
  });
});

/** How SQLite goes about the queries that are prepared once, and those that `ask` makes. */
function plansOf(ask: (list: IdeaList) => void): string[] {
  const files = place();
  opened(files).close();
  const database = new Database(files.file);
  onTestFinished(() => database.close());
  const queries: string[] = [];
  const { prepare } = database;
  database.prepare = (sql) => {
    queries.push(sql);
    return prepare.call(database, sql) as never;
  };
  ask(new IdeaList(database));
  return queries.map((sql) => {
    const explained = `EXPLAIN QUERY PLAN ${sql.replaceAll(/:[a-z]+/g, "1")}`;
    const plan = prepare.call(database, explained).all({}) as unknown as { detail: string }[];
    return plan.map(({ detail }) => detail).join("\n");
  });
}
