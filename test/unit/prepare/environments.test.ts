import { execFileSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { interpreterIn } from "../../../scripts/prepare/places.mjs";
import { House, tinyLock } from "./fixture.ts";

let house: House;

beforeEach(async () => {
  house = await House.make();
});
afterEach(() => house.remove());

const tiny = () => path.join(house.root, ".venv", "tiny");

function importsFromTiny(): string {
  const program = "import iniconfig; print(iniconfig.__name__)";
  return execFileSync(interpreterIn(tiny()), ["-c", program], { encoding: "utf8" }).trim();
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("it did not come about");
    await sleep(5);
  }
}

test("an environment is made from its lock and works", async () => {
  const { code, text } = await house.prepare(["--env", "tiny"]);
  expect(text).toContain("environment tiny: ready");
  expect(code).toBe(0);
  expect(importsFromTiny()).toBe("iniconfig");
  expect(house.environments()).toEqual(["tiny"]);
  expect(house.locks()).toEqual([]);
});

test("when nothing changed it starts no program, says nothing and is quick", async () => {
  await house.prepare(["--env", "tiny"]);
  const nowhere = { PATH: path.join(house.root, "nowhere"), HOME: house.root };
  const runs = [];
  for (let i = 0; i < 3; i += 1) runs.push(await house.prepare(["--env", "tiny"], nowhere));
  expect(runs.map(({ code, text }) => ({ code, text }))).toEqual(
    Array.from({ length: 3 }, () => ({ code: 0, text: "" })),
  );
  expect(Math.min(...runs.map(({ seconds }) => seconds))).toBeLessThan(0.5);
});

test("a changed lock and a lost interpreter each make it anew", async () => {
  await house.prepare(["--env", "tiny"]);
  house.write("compose-bundles/engine/locks/tiny.txt", `# another lock\n${tinyLock}`);
  expect((await house.prepare(["--env", "tiny"])).text).toContain("ready");
  rmSync(interpreterIn(tiny()));
  symlinkSync("/nowhere/python", interpreterIn(tiny()));
  expect((await house.prepare(["--env", "tiny"])).text).toContain("ready");
  expect(importsFromTiny()).toBe("iniconfig");
});

test("of two that run at once one does the work, and the other waits and says so", async () => {
  const first = house.start(["--env", "tiny"]);
  await until(() => house.locks().includes("environment-tiny.lock"));
  const second = await house.prepare(["--env", "tiny"]);
  const { code, text } = await first.ended;
  expect([code, second.code]).toEqual([0, 0]);
  expect(text).toContain("ready");
  expect(second.text).toContain(`waiting for the set-up that process ${first.child.pid} is doing`);
  expect(second.text).not.toContain("ready");
  expect(importsFromTiny()).toBe("iniconfig");
});

describe("killed at any moment, the same command finishes the work", () => {
  const moments: [string, () => boolean][] = [
    ["when the lock is taken", () => house.locks().includes("environment-tiny.lock")],
    ["when the draft appears", () => house.environments().some(isDraft)],
    [
      "while packages are installed",
      () =>
        house
          .environments()
          .some((name) => isDraft(name) && existsSync(path.join(house.root, ".venv", name, "lib"))),
    ],
  ];
  test.each(moments)("%s", async (_, hasCome) => {
    const { child, ended } = house.start(["--env", "tiny"]);
    await until(hasCome);
    child.kill("SIGKILL");
    expect((await ended).signal).toBe("SIGKILL");
    expect(existsSync(tiny())).toBe(false);
    const again = await house.prepare(["--env", "tiny"]);
    expect(again).toMatchObject({ code: 0, text: expect.stringContaining("ready") });
    expect(importsFromTiny()).toBe("iniconfig");
    expect(house.environments()).toEqual(["tiny"]);
    expect(house.locks()).toEqual([]);
  });
});

test("stopped by the person, it says so and leaves nothing half-made", async () => {
  const { child, ended } = house.start(["--env", "tiny"]);
  await until(() => house.environments().some(isDraft));
  child.kill("SIGINT");
  const { code, text } = await ended;
  expect(text).toContain("Set-up was stopped");
  expect(code).toBe(130);
  expect(house.environments()).toEqual([]);
  expect(house.locks()).toEqual([]);
});

function isDraft(name: string): boolean {
  return name.startsWith("tiny.making-");
}
