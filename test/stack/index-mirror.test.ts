import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Sqlite from "better-sqlite3";
import { Client } from "pg";
import { pino } from "pino";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from "vitest";
import { Idea } from "../../contract/idea.ts";
import { ContentKey, DataSetName, DeploymentId, IdeaId, RunId } from "../../contract/ids.ts";
import type { TrialEvent } from "../../contract/step.ts";
import { IndexMirror } from "../../main/project-index/mirror/index-mirror.ts";
import { openProjectIndex, type ProjectIndex } from "../../main/project-index/project-index.ts";
import { loadPlan } from "../../main/stack/compose/load.ts";
import { connect } from "../../main/stack/docker/connection.ts";
import { DockerSupervisor } from "../../main/stack/docker/supervisor.ts";
import {
  makeDebianImages,
  POSTGRES_IMAGE,
  postgresUid,
  STEPS_IMAGE,
} from "./support/debian-image.ts";
import { askPostgres, TABLE_NAMES, tablesOfIndex, tablesOfMirror } from "./support/mirror.ts";

const ROOT = join(import.meta.dirname, "../..");
const PROJECT = `bft-mirror-${process.pid}`;
const PASSWORD: string = "a-password-of-a-test-of-the-mirror";
const READERS_PASSWORD = "another-password-for-who-reads";
const AT = new Date("2026-01-02T03:04:05.678Z");
const LATER = new Date("2026-01-03T03:04:05Z");
const RUN = RunId.parse("r-0000000001");
const OTHER_RUN = RunId.parse("r-0000000002");
const KEY = ContentKey.parse("a".repeat(64));
const OTHER_KEY = ContentKey.parse("b".repeat(64));
const DATA = DataSetName.parse("sp500");
const IDEA = Idea.parse({
  ...{ breadthflow: 1, id: "volatility", name: "Volatility", universe: { data: DATA } },
  target: { kind: "log_realised_volatility", horizon: 5 },
  backtest: { strategy: "long_only" },
});

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the mirror of the index", () => {
  let logs: string;
  let supervisor: DockerSupervisor;

  beforeAll(async () => {
    makeDebianImages();
    logs = mkdtempSync(join(tmpdir(), "mirror-logs-"));
    const plan = loadPlan({
      files: [join(ROOT, "compose-bundles/compose.yaml")],
      profiles: ["storage"],
      projectName: PROJECT,
      environment: {
        ...{ POSTGRES_IMAGE, POSTGRES_UID: postgresUid() },
        BREADTHFLOW_ENGINE_IMAGE: STEPS_IMAGE,
        BREADTHFLOW_INDEX_DATABASE_PASSWORD: PASSWORD,
        BREADTHFLOW_INDEX_READER_PASSWORD: READERS_PASSWORD,
      },
    });
    supervisor = await new DockerSupervisor(await connect(), plan, logs).open();
    await supervisor.up({ services: ["postgres-init"] });
  }, 600_000);

  afterAll(async () => {
    await supervisor?.down({ volumes: true });
    await supervisor?.close();
    rmSync(logs, { recursive: true, force: true });
  });

  const port = () => {
    const view = supervisor.status().find(({ service }) => service === "postgres");
    return view?.state === "ready" ? view.ports.postgres : undefined;
  };
  const at = () => ({ port: port() as number, password: PASSWORD });
  const sql = (statement: string) => askPostgres(at(), statement);

  let file: string;
  let index: ProjectIndex;

  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), "mirror-"));
    file = join(folder, "index.db");
    index = openProjectIndex({ file, backups: join(folder, "backups") });
    onTestFinished(() => {
      index.close();
      rmSync(folder, { recursive: true, force: true });
    });
    await sql(`DROP TABLE IF EXISTS migrations, ${TABLE_NAMES.join(", ")} CASCADE`);
  });

  /** A mirror of the index at work, with what it wrote into the log. */
  function mirror({ password = () => PASSWORD, where = port } = {}) {
    const lines: Record<string, unknown>[] = [];
    const opened = new IndexMirror({
      source: index.mirrorSource,
      database: {
        port: () => Promise.resolve(where()),
        password,
        changed: supervisor.changed,
      },
      onNotice: () => undefined,
      log: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }),
    });
    onTestFinished(() => opened.close());
    const attached = () => lines.filter(({ msg }) => msg === "the index is mirrored");
    return { opened, lines, attached };
  }

  const settled = { timeout: 60_000, interval: 100 };
  const isAttached = ({ attached }: ReturnType<typeof mirror>, times = 1) =>
    vi.waitUntil(() => attached().length >= times, settled);
  const isSame = () =>
    vi.waitFor(
      async () => expect(await tablesOfMirror(at())).toEqual(tablesOfIndex(file)),
      settled,
    );

  /** Something in every table. */
  function work(): void {
    index.ideas.save(IDEA, AT, "name: Volatility # as written");
    index.runs.begin(RUN, IDEA, ["/home/someone/prices.csv"], AT);
    index.steps.plan(RUN, ["train", "judge"]);
    index.steps.end(RUN, "train", {
      ...{ state: "done", key: KEY, seconds: 1.5, rows: 9_000_000_000, problem: null, at: LATER },
    });
    recordArtifact({ rank_ic: 0.1, deep: [1, { two: null }] });
    index.dataVersions.record({
      ...{ key: KEY, name: DATA, version: 0, request: "r", source_hash: "s", base: null },
      ...{ rows: 10, symbols: 2, first: "2015-01-05", last: "2016-08-12" },
      created: AT.toISOString(),
    });
    index.models.record({
      ...{ name: "volatility", version: "10", key: KEY, idea: IDEA.id, run: RUN },
      ...{ verdict: "watch", created: AT.toISOString() },
    });
    recordDeployment("starting");
    recordTrials(3);
  }

  function recordArtifact(summary: Record<string, unknown>): void {
    index.artifacts.record(
      KEY,
      "train",
      `cache/train/${KEY}`,
      { kind: "model", rows: 5, files: [{ bytes: 2 ** 40 }], summary } as never,
      AT,
    );
  }

  function recordDeployment(state: "starting" | "live"): void {
    index.deployments.save({
      ...{ deployment: DeploymentId.parse("volatility"), run: RUN, model: "volatility" },
      ...{ version: "10", endpoint: null, state, created: AT.toISOString(), ready_seconds: null },
      ...{ verdict: "watch", against_verdict: "a person's wish" },
    });
  }

  function recordTrials(count: number, from = 0): void {
    const origin = { data_set: DATA, artifact: KEY, idea: IDEA.id, run: RUN };
    index.durable(() => {
      for (let number = from; number < from + count; number++) {
        const trial: TrialEvent = {
          ...{ kind: "trial", number, engine: "lightgbm", params: { leaves: 31, number } },
          ...{ state: "complete", score: number / 7, fold_scores: [0.4, -0.1], seconds: 1 },
        };
        index.trials.record(origin, trial, `hash ${number}`, AT);
      }
    });
  }

  /** What leaves no column without a value. */
  function moreWork(): void {
    const problem = { code: "a.code", detail: "What happened.", hint: "What helps." };
    index.ideas.save({ ...IDEA, id: IdeaId.parse("another") }, AT);
    index.ideas.archive(IdeaId.parse("another"), LATER);
    index.artifacts.record(
      OTHER_KEY,
      "judge",
      `cache/judge/${OTHER_KEY}`,
      { kind: "verdict", rows: 0, files: [], summary: { verdict: "watch" } } as never,
      AT,
    );
    index.runs.begin(OTHER_RUN, IDEA, null, AT);
    index.steps.plan(OTHER_RUN, ["train", "judge", "register"]);
    const end = { seconds: 1, rows: null, problem: null, at: LATER };
    index.steps.end(OTHER_RUN, "train", { ...end, state: "cached", key: KEY });
    index.steps.end(OTHER_RUN, "judge", { ...end, state: "done", key: OTHER_KEY });
    index.steps.end(OTHER_RUN, "register", { ...end, state: "failed", key: null, problem });
    index.runs.end(OTHER_RUN, { state: "failed", problem, seconds: 3, at: LATER });
    index.dataVersions.record({
      ...{ key: OTHER_KEY, name: DATA, version: 1, request: "r", source_hash: "t", base: KEY },
      ...{ rows: 0, symbols: 0, first: null, last: null, created: AT.toISOString() },
    });
    index.deployments.save({
      ...{ deployment: DeploymentId.parse("another"), run: RUN, model: "volatility" },
      ...{ version: "10", endpoint: "http://127.0.0.1:1/v2", state: "live" },
      ...{
        created: AT.toISOString(),
        ready_seconds: 2.5,
        verdict: "deploy",
        against_verdict: null,
      },
    });
    index.trials.record(
      { data_set: DATA, artifact: OTHER_KEY, idea: IDEA.id, run: OTHER_RUN },
      {
        ...{ kind: "trial", number: 0, engine: "ridge", params: {}, state: "failed" },
        ...{ score: null, fold_scores: [], seconds: 0, error: "It did not converge." },
      },
      "hash",
      LATER,
    );
  }

  test("fills an empty database with everything, in types of its own", async () => {
    work();
    moreWork();
    const one = mirror();
    await isAttached(one);
    const mirrored = await tablesOfMirror(at());
    expect(mirrored).toEqual(tablesOfIndex(file));
    for (const table of TABLE_NAMES) {
      const rows = mirrored[table] ?? [];
      for (const column of Object.keys(rows[0] ?? { nothing: null })) {
        const isFilled = rows.some((row) => row[column] !== null);
        expect(isFilled, `${table}.${column} has a value to be compared`).toBe(true);
      }
    }
    expect(one.opened.notice()).toBeNull();
    const [types] = await sql(
      `SELECT pg_typeof(started)::text AS started, pg_typeof(document)::text AS document,
         pg_typeof(rank_ic)::text AS rank_ic FROM runs`,
    );
    expect(types).toEqual({
      ...{ started: "timestamp with time zone", document: "jsonb", rank_ic: "double precision" },
    });
    expect(JSON.stringify(mirrored)).not.toContain("/home/someone");
  });

  test("brings over what is written afterwards, and takes away what goes", async () => {
    work();
    await isAttached(mirror());
    index.ideas.save({ ...IDEA, name: "Another" }, LATER);
    index.runs.begin(OTHER_RUN, IDEA, null, LATER);
    index.steps.plan(OTHER_RUN, ["ingest", "train"]);
    recordArtifact({ rank_ic: 0.2 });
    recordDeployment("live");
    recordTrials(2, 3);
    await isSame();
    index.runs.remove(RUN);
    index.artifacts.remove(KEY);
    index.dataVersions.remove(KEY);
    index.ideas.remove(IDEA.id);
    await isSame();
    expect(await sql("SELECT DISTINCT run FROM steps")).toEqual([{ run: OTHER_RUN }]);
    expect(await sql("SELECT count(*)::int FROM trials")).toEqual([{ count: 5 }]);
  });

  test("tells rows apart by their whole keys, however many there are", async () => {
    // As SQLite orders them: in most languages, hyphens and capitals count for little.
    const names = ["a", "a-b", "ab", "aB", "a_b", "B", "é", "😀"];
    index.durable(() => {
      for (let number = 0; number < 70; number++) {
        for (const name of names) {
          const run = `${name}-${number}` as RunId;
          index.runs.begin(run, IDEA, null, AT);
          index.steps.plan(run, ["ingest", "train", "backtest", "judge"]);
        }
      }
    });
    const one = mirror();
    await isAttached(one);
    expect(await tablesOfMirror(at())).toEqual(tablesOfIndex(file));
    await one.opened.close();
    for (const name of names) {
      await sql(
        `INSERT INTO runs SELECT id || 'x', idea, document, state FROM runs WHERE id = '${name}-7'`,
      );
    }
    await sql("DELETE FROM steps WHERE run = 'ab-66' OR (run, step) = ('a-b-10', 'judge')");
    const again = mirror();
    await isAttached(again);
    expect(await tablesOfMirror(at())).toEqual(tablesOfIndex(file));
    expect(again.attached()).toMatchObject([{ rows: 560 * 5, written: 5, removed: 8 }]);
  });

  test("brings over together what is written within a moment", async () => {
    await isAttached(mirror());
    index.ideas.save(IDEA, AT);
    // The first change is told, and everything that it could set going has its turn.
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    index.ideas.save({ ...IDEA, id: IdeaId.parse("another") }, AT);
    await isSame();
    expect(await sql("SELECT count(DISTINCT xmin::text)::int FROM ideas")).toEqual([{ count: 1 }]);
  });

  test("a row that somebody changed, removed or added there is put right", async () => {
    work();
    const one = mirror();
    await isAttached(one);
    await one.opened.close();
    await sql("UPDATE trials SET score = 99, params = '{}' WHERE number = 1");
    await sql("DELETE FROM runs");
    await sql("UPDATE models SET version = '11'");
    await sql("INSERT INTO ideas SELECT 'aaa', name, document FROM ideas");
    await sql("INSERT INTO ideas SELECT 'zzz', name, document FROM ideas WHERE id = 'aaa'");
    await sql("INSERT INTO steps SELECT run, 'zzz', 9, 'done' FROM steps");
    const untouched = () => sql("SELECT id, xmin::text FROM trials WHERE number <> 1 ORDER BY id");
    const before = await untouched();
    const again = mirror();
    await isAttached(again);
    expect(await tablesOfMirror(at())).toEqual(tablesOfIndex(file));
    // And nothing else was written for it.
    expect(await untouched()).toEqual(before);
    expect(again.attached()).toMatchObject([{ written: 5, removed: 3 }]);
  });

  test("takes up what was written while PostgreSQL was being restarted", async () => {
    work();
    const one = mirror();
    await isAttached(one);
    recordTrials(100, 3);
    execFileSync("docker", ["restart", "--time", "20", `${PROJECT}-postgres-1`]);
    recordTrials(100, 103);
    index.runs.remove(RUN);
    await isAttached(one, 2);
    await isSame();
    recordTrials(1, 203);
    await isSame();
    expect(one.opened.notice()).toBeNull();
  });

  /** Makes the tables, and keeps whoever brings models over from going on; others it lets. */
  async function heldUp() {
    const one = mirror();
    await isAttached(one);
    await one.opened.close();
    const session = new Client({
      ...{ host: "127.0.0.1", user: "index", database: "index", ...at() },
    });
    await session.connect();
    await session.query("BEGIN; LOCK TABLE models IN EXCLUSIVE MODE");
    return {
      isWaiting: () =>
        vi.waitUntil(async () => {
          const waiting = "wait_event_type = 'Lock' AND application_name = 'breadthflow mirror'";
          return (await sql(`SELECT pid FROM pg_stat_activity WHERE ${waiting}`)).length > 0;
        }, settled),
      release: () => session.end(),
    };
  }

  test("begins anew where its connection breaks in the middle", async () => {
    const held = await heldUp();
    work();
    const one = mirror();
    await held.isWaiting();
    expect(one.attached()).toEqual([]);
    await sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'breadthflow mirror'",
    );
    await held.release();
    await isAttached(one);
    expect(await tablesOfMirror(at())).toEqual(tablesOfIndex(file));
  });

  test("what is written while everything is compared arrives too, after what it refers to", async () => {
    const held = await heldUp();
    index.ideas.save(IDEA, AT);
    const one = mirror();
    await held.isWaiting();
    work();
    recordTrials(700, 3);
    await held.release();
    await isAttached(one);
    await isSame();
    expect(one.lines.map(({ msg }) => msg)).toEqual(["the index is mirrored"]);
  });

  test("closing does not wait for a PostgreSQL that does not answer", async () => {
    const held = await heldUp();
    work();
    const one = mirror();
    await held.isWaiting();
    await one.opened.close();
    expect(one.attached()).toEqual([]);
    await held.release();
    // Earlier than PostgreSQL itself would give up.
  }, 30_000);

  /** Another process that owns the index and mirrors it. */
  const inProcess = () =>
    spawn(
      process.execPath,
      [join(import.meta.dirname, "support/mirror-in-process.ts"), file, String(port())],
      {
        env: { ...process.env, MIRROR_PASSWORD: PASSWORD },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );

  test("is taken up by the next process where one is killed in the middle", async () => {
    const held = await heldUp();
    work();
    const killed = inProcess();
    await held.isWaiting();
    killed.kill("SIGKILL");
    await once(killed, "close");
    expect(await sql("SELECT id FROM runs")).toEqual([{ id: RUN }]);
    expect(await sql("SELECT id FROM trials")).toEqual([]);
    await held.release();
    await isAttached(mirror());
    expect(await tablesOfMirror(at())).toEqual(tablesOfIndex(file));
  });

  test("keeps no process from exiting that has nothing else to do", async () => {
    recordTrials(1);
    const child = inProcess();
    const said = text(child.stdout);
    expect(await once(child, "close")).toEqual([0, null]);
    expect(await said).toBe("mirrored\n");
  });

  test("compares 20,000 trials in small parts, while everything else has its turn", async () => {
    recordTrials(20_000);
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    const one = mirror();
    count();
    await isAttached(one);
    isOver = true;
    const [converged] = one.attached() as { batches: number; rows: number; written: number }[];
    expect(converged).toMatchObject({ rows: 20_000, written: 20_000 });
    expect(converged?.batches).toBeGreaterThanOrEqual(40);
    expect(turns).toBeGreaterThan(3 * (converged?.batches ?? 0));
  });

  test("a database that a newer workbench made is refused by name, and left as it is", async () => {
    await isAttached(mirror());
    await sql(
      "INSERT INTO migrations VALUES (99, 'of_tomorrow', 'checksum', '2030-01-01'); DELETE FROM ideas",
    );
    work();
    const before = await sql("SELECT * FROM migrations");
    const one = mirror();
    await vi.waitUntil(() => one.opened.notice(), settled);
    expect(one.opened.notice()).toBe(
      "The index is not mirrored: PostgreSQL's database index has version 2; this workbench knows " +
        "versions up to 1. Open the workspace with the newer workbench that made it.",
    );
    expect(one.lines).toMatchObject([{ level: 40, problem: { code: "mirror.newer" } }]);
    expect(await sql("SELECT * FROM migrations")).toEqual(before);
    for (const table of TABLE_NAMES) expect(await sql(`SELECT * FROM ${table}`)).toEqual([]);
  });

  test("what keeps it from PostgreSQL is told in words when it lasts, and no longer than that", async () => {
    let known = "a-password-of-nobody";
    const unknown = mirror({ password: () => known });
    const nowhere = mirror({ where: () => 1 });
    const notice = async ({ opened }: ReturnType<typeof mirror>) => {
      await vi.waitUntil(() => opened.notice(), settled);
      return opened.notice();
    };
    expect(await notice(unknown)).toMatch(
      /^The index is not mirrored: PostgreSQL does not let .* postgres-init .* sets its password\.$/,
    );
    expect(await notice(nowhere)).toMatch(
      /^The index is not mirrored: PostgreSQL does not answer .*ECONNREFUSED.* tried again by itself\.$/,
    );
    expect(unknown.lines).toMatchObject([{ level: 40, problem: { code: "mirror.no_database" } }]);
    expect(nowhere.lines).toMatchObject([{ level: 40, problem: { code: "mirror.unreachable" } }]);
    expect(JSON.stringify(unknown.lines)).not.toContain(known);
    known = PASSWORD;
    supervisor.changed.emit();
    await isAttached(unknown);
    expect(unknown.opened.notice()).toBeNull();
  });

  test("may be read by a role that can do nothing else", async () => {
    work();
    await isAttached(mirror());
    const reader = { port: port() as number, user: "index_reader", password: READERS_PASSWORD };
    const [latest] = await askPostgres(reader, "SELECT * FROM latest_runs");
    expect(latest).toMatchObject({ idea: IDEA.id, name: IDEA.name, run: RUN, state: "running" });
    for (const table of TABLE_NAMES) await askPostgres(reader, `SELECT * FROM ${table}`);
    for (const refused of [
      "DELETE FROM trials",
      "CREATE TABLE own (a int)",
      "CREATE TEMP TABLE own (a int)",
      "TABLE pg_authid",
    ]) {
      await expect(askPostgres(reader, refused), refused).rejects.toThrow(/permission denied/);
    }
    await expect(askPostgres({ ...reader, database: "mlflow" }, "SELECT 1")).rejects.toThrow(
      /permission denied for database/,
    );
  });

  test("keeps whatever a value says, but for what PostgreSQL cannot store", async () => {
    const odd = `'"\\{}, NULL \${x} -- ; \\x41 \\u0041 😀 שלום \u202eabc\ttab\nline`;
    work();
    index.ideas.save({ ...IDEA, name: odd, description: `${odd} \\u0000` }, LATER, `${odd}: 1`);
    const raw = new Sqlite(file);
    raw
      .prepare("UPDATE trials SET score = ?, seconds = ?, error = ? WHERE number = 0")
      .run(Number.POSITIVE_INFINITY, 5e-324, odd);
    raw
      .prepare("UPDATE trials SET score = ?, seconds = ? WHERE number = 1")
      .run(Number.NaN, Number.NEGATIVE_INFINITY);
    raw
      .prepare("UPDATE trials SET error = ?, params = ? WHERE number = 2")
      .run("before\0after", '{"k\\u0000": "a\\u0000b \\\\u0000 \\ud83d \\ud83d\\ude00 \\udc00"}');
    raw.prepare("UPDATE data_versions SET first = 'None', created = 'once'").run();
    raw.close();
    await isAttached(mirror());
    const [mirrored, own] = [await tablesOfMirror(at()), tablesOfIndex(file)];
    for (const table of ["ideas", "runs"]) expect(mirrored[table], table).toEqual(own[table]);
    expect(mirrored.ideas).toMatchObject([{ name: odd, yaml: `${odd}: 1` }]);
    expect(await sql("SELECT score, seconds, error FROM trials ORDER BY id")).toMatchObject([
      { score: Number.POSITIVE_INFINITY, seconds: 5e-324, error: odd },
      // SQLite has no such number either: it is null on both sides.
      { score: null, seconds: Number.NEGATIVE_INFINITY, error: null },
      { error: "before\ufffdafter" },
    ]);
    expect(await sql("SELECT params FROM trials WHERE number = 2")).toEqual([
      { params: { "k\ufffd": "a\ufffdb \\u0000 \ufffd 😀 \ufffd" } },
    ]);
    expect(await sql("SELECT first, created FROM data_versions")).toEqual([
      { first: null, created: null },
    ]);
    // What cannot be stored as it is must not look like a change each time.
    const again = mirror();
    await isAttached(again);
    expect(again.attached()).toMatchObject([{ written: 0, removed: 0 }]);
  });

  test("closing brings over what was written a moment before", async () => {
    const one = mirror();
    await isAttached(one);
    work();
    await one.opened.close();
    expect(await tablesOfMirror(at())).toEqual(tablesOfIndex(file));
  });
});
