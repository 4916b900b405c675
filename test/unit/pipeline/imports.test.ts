import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type DataImport, dataSetNameFrom } from "../../../contract/data.ts";
import { DataSetName } from "../../../contract/ids.ts";
import { Imports } from "../../../main/pipeline/imports.ts";
import { fresh } from "./fixture.ts";

const name = DataSetName.parse("bars");

function ended(imports: Imports, id: string): Promise<DataImport> {
  return new Promise((resolve) => {
    const look = () => {
      const one = imports.list().find((listed) => listed.id === id);
      if (one && one.state !== "running") resolve(one);
    };
    imports.changed.subscribe(look);
    look();
  });
}

describe("imports", () => {
  it("bring sources in and check the version that they made", async () => {
    const { pipeline, bars, index } = fresh();
    const told: DataImport[] = [];
    const imports = new Imports({ pipeline, onEnd: (one) => told.push(one) });
    const { id } = imports.start({ name, paths: [bars], reading: {} });
    expect(imports.isBusy()).toBe(true);
    expect(await ended(imports, id)).toMatchObject({ state: "done", step: "check", version: 0 });
    expect(index.artifacts.ofStep("check")).toHaveLength(1);
    await expect.poll(() => told).toMatchObject([{ id, state: "done" }]);
    expect(imports.isBusy()).toBe(false);
    imports.dismiss(id);
    expect(imports.list()).toEqual([]);
  });

  it("that fail say why, and leave the list to others", async () => {
    const { pipeline, bars } = fresh();
    const imports = new Imports({ pipeline });
    const missing = join(dirname(bars), "none.csv");
    const { id } = imports.start({ name, paths: [missing], reading: {} });
    expect(await ended(imports, id)).toMatchObject({
      state: "failed",
      problem: { code: "data.source_missing" },
    });
    await expect(imports.cancel(id)).rejects.toMatchObject({
      problem: { code: "import.not_running" },
    });
  });

  it("end when they are cancelled, with nothing imported", async () => {
    const { pipeline, bars, index } = fresh();
    const imports = new Imports({ pipeline });
    const { id } = imports.start({ name, paths: [bars], reading: {} });
    await imports.cancel(id);
    expect(imports.list()).toMatchObject([{ id, state: "cancelled" }]);
    expect(index.dataVersions.list()).toEqual([]);
  });

  it("of the same source, read another way, make another version", async () => {
    const { pipeline, bars } = fresh();
    const first = await pipeline.importData(name, [bars]);
    const reading = { columns: { close: "settle" } };
    const second = await pipeline.importData(name, [bars], { reading });
    expect(second.key).not.toBe(first.key);
    const again = await pipeline.importData(name, [bars], { reading });
    expect(again).toMatchObject({ key: second.key, cached: true });
  });
});

describe("a data set's name", () => {
  it("comes from what it was imported from", () => {
    expect(dataSetNameFrom("/prices/SP500 2018.csv.gz")).toBe("sp500-2018");
    expect(dataSetNameFrom("C:\\data\\bars.v2.parquet")).toBe("bars");
    expect(dataSetNameFrom("folder/")).toBe("folder");
    expect(dataSetNameFrom("/…/日本.csv")).toBeNull();
  });
});
