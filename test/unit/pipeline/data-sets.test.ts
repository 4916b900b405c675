import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type DiskEngine, untilAborted } from "./disk-engine.ts";
import { csv, fresh, idea } from "./fixture.ts";

const { data } = idea().universe;

describe("a data set", () => {
  it("is imported and checked under the keys that a run gives them", async () => {
    const { pipeline, engine, bars } = fresh();
    const imported = await pipeline.importData(data, [bars]);
    expect(imported).toMatchObject({ cached: false, name: data, version: 0, rows: 1000 });
    const checked = await pipeline.checkData(data);
    expect(checked).toMatchObject({ cached: false, findings: [{ rule: "missing_price" }] });
    const result = await pipeline.start(idea()).done;
    expect(result.steps.filter(({ cached }) => cached).map(({ name }) => name)).toEqual([
      "ingest",
      "check",
    ]);
    expect(engine.done("ingest")).toBe(1);
  });

  it("tells of its import while it goes on, and lets it be stopped", async () => {
    const { pipeline, engine, bars, index } = fresh();
    engine.before.ingest = (_request, _emit, signal) => untilAborted(signal);
    const stop = new AbortController();
    const steps = new Set<string>();
    const done = pipeline.importData(data, [bars], {
      signal: stop.signal,
      onEvent: (step, event) => {
        steps.add(step);
        if (event.kind === "progress" && event.fraction > 0) stop.abort();
      },
    });
    await expect(done).rejects.toThrow();
    expect([...steps]).toEqual(["ingest"]);
    expect(index.dataVersions.list()).toEqual([]);
  });

  it("gets a version for each import, and none for sources that it just took in", async () => {
    const { pipeline, engine, bars, index } = fresh();
    const more = csv(join(dirname(bars), "more.csv"), "two");
    const versions = [];
    for (const source of [bars, bars, more, more]) {
      versions.push((await pipeline.importData(data, [source])).version);
    }
    expect(versions).toEqual([0, 0, 1, 1]);
    expect(engine.done("ingest")).toBe(2);
    expect(index.dataVersions.ofDataSet(data).map(({ version }) => version)).toEqual([1, 0]);
    expect(index.dataVersions.list()).toMatchObject([{ name: data, version: 1 }]);
  });

  it("is merged again when older sources come after newer ones", async () => {
    const { pipeline, bars, index } = fresh();
    const more = csv(join(dirname(bars), "more.csv"), "two");
    for (const source of [bars, more, bars]) await pipeline.importData(data, [source]);
    const keys = index.dataVersions.ofDataSet(data).map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });

  it("that is not there is refused, with what to do", async () => {
    const { pipeline } = fresh();
    const result = await pipeline.start(idea()).done;
    expect(result).toMatchObject({ state: "failed", problem: { code: "data.unknown" } });
  });

  it("whose table is gone is imported anew", async () => {
    const { pipeline, engine, bars, workspace } = fresh();
    await pipeline.importData(data, [bars]);
    rmSync(join(workspace.data, data), { recursive: true });
    await expect(pipeline.checkData(data)).rejects.toMatchObject({
      problem: { code: "data.unknown" },
    });
    const again = await pipeline.importData(data, [bars]);
    expect(again).toMatchObject({ cached: false, version: 0 });
    expect(engine.requests[1]?.key).toBe(engine.requests[0]?.key);
  });

  it("whose version is damaged says so, and is mended by its sources", async () => {
    const { pipeline, engine, bars, workspace } = fresh();
    await pipeline.importData(data, [bars]);
    const key = engine.requests[0]?.key ?? "";
    writeFileSync(join(workspace.cache, "ingest", key, "understood.json"), "");
    await expect(pipeline.checkData(data)).rejects.toMatchObject({
      problem: { code: "data.damaged" },
    });
    expect((await pipeline.importData(data, [bars])).cached).toBe(false);
    expect((await pipeline.checkData(data)).findings).toHaveLength(1);
  });

  it("does not pass off rows of a killed import as those of the version before it", async () => {
    const { pipeline, engine, bars, workspace } = fresh();
    await pipeline.importData(data, [bars]);
    // A commit that no version tells of, as a kill between commit and manifest leaves it.
    const log = join(workspace.data, data, "_delta_log");
    writeFileSync(join(log, `${"1".padStart(20, "0")}.json`), "{}");
    const more = csv(join(dirname(bars), "more.csv"), "two");
    await pipeline.importData(data, [more]);

    const other = fresh();
    await other.pipeline.importData(data, [other.bars]);
    await other.pipeline.importData(data, [csv(join(dirname(other.bars), "more.csv"), "two")]);
    expect(other.engine.requests[0]?.key).toBe(engine.requests[0]?.key);
    expect(other.engine.requests[1]?.key).not.toBe(engine.requests[1]?.key);
  });

  it("stays at the version a run began with when the run is resumed", async () => {
    const { pipeline, engine, bars } = fresh();
    await pipeline.importData(data, [bars]);
    engine.before.train = () => {
      throw new Error("no");
    };
    const { run, done } = pipeline.start(idea());
    await done;
    delete engine.before.train;
    await pipeline.importData(data, [csv(join(dirname(bars), "more.csv"), "two")]);
    const result = await pipeline.resume(run).done;
    expect(result).toMatchObject({ state: "done", data: { version: 0 } });
  });

  describe("with bars of a day that was still to come when it was imported", () => {
    const clock = { now: new Date() };
    const checks = ({ requests }: DiskEngine) => requests.filter(({ step }) => step === "check");

    async function imported(on: string, last: string) {
      clock.now = new Date(on);
      const opened = fresh(() => clock.now);
      opened.engine.last = last;
      await opened.pipeline.importData(data, [opened.bars]);
      return opened;
    }

    it("is checked against the day of its import, on whichever day that is done", async () => {
      const { pipeline, engine } = await imported("2026-03-02T09:00:00Z", "2099-01-05");
      clock.now = new Date("2026-09-30T09:00:00Z");
      expect((await pipeline.checkData(data)).cached).toBe(false);
      expect(checks(engine)[0]?.params).toEqual({ calendar: "XNYS", today: "2026-03-02" });
      clock.now = new Date("2031-01-01T00:00:00Z");
      expect((await pipeline.checkData(data)).cached).toBe(true);
      const { steps } = await pipeline.start(idea()).done;
      expect(steps.find(({ name }) => name === "check")?.cached).toBe(true);
    });

    it("keeps that day when its damaged version is imported again", async () => {
      const { pipeline, engine, bars, workspace } = await imported("2026-03-02", "2099-01-05");
      const key = engine.requests[0]?.key ?? "";
      writeFileSync(join(workspace.cache, "ingest", key, "understood.json"), "");
      clock.now = new Date("2026-09-30T09:00:00Z");
      expect((await pipeline.importData(data, [bars])).cached).toBe(false);
      await pipeline.checkData(data);
      expect(checks(engine)[0]?.params).toMatchObject({ today: "2026-03-02" });
    });

    it("has a day as soon as it has begun somewhere on earth", async () => {
      const { pipeline, engine } = await imported("2026-03-02T10:30:00Z", "2026-03-03");
      await pipeline.checkData(data);
      expect(checks(engine)[0]?.params).toEqual({ calendar: "XNYS" });
    });
  });

  it("without such bars has the same check whenever it was imported", async () => {
    const keys = [];
    for (const day of ["2026-03-02", "2031-01-01"]) {
      const { pipeline, engine, bars } = fresh(() => new Date(day));
      await pipeline.importData(data, [bars]);
      await pipeline.checkData(data);
      keys.push(engine.requests.find(({ step }) => step === "check")?.key);
    }
    expect(keys[0]).toBe(keys[1]);
  });
});
