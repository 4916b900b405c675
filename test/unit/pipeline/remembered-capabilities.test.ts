import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RememberedCapabilities } from "../../../main/pipeline/remembered-capabilities.ts";

describe("remembered capabilities", () => {
  let folder: string;
  let file: string;
  let asked: number;
  let revision: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "breadthflow-capabilities-"));
    file = join(folder, "capabilities.json");
    asked = 0;
    revision = "one";
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const step = { name: "check", version: "1", code: "c", environment: "core" };
  const answer = { steps: [{ ...step, inputs: ["bars"], sources: [] }] };
  const opened = () =>
    new RememberedCapabilities({
      ask: () => {
        asked += 1;
        return Promise.resolve(answer);
      },
      revision: () => Promise.resolve(revision),
      file,
    });

  it("asks the engine once for a revision, also across restarts", async () => {
    expect(await opened().get()).toEqual(answer);
    expect(await opened().get()).toEqual(answer);
    expect(asked).toBe(1);
  });

  it("asks again when the engine's sources have changed", async () => {
    await opened().get();
    revision = "two";
    await opened().get();
    expect(asked).toBe(2);
  });

  it("asks again when the file is damaged, and mends it", async () => {
    await opened().get();
    await writeFile(file, "{ half");
    expect(await opened().get()).toEqual(answer);
    expect(asked).toBe(2);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ revision: "one" });
  });
});
