import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FileServer } from "./file-server.ts";
import { type Ended, House } from "./fixture.ts";

// npm alone needs seconds to begin, many more where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

/** What the tests install: small packages without dependencies, each from a registry of ours. */
const NAMES = ["first", "second"];

let house: House;
let registry: FileServer;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  [house, registry] = await Promise.all([House.make(), FileServer.open()]);
  env = {
    npm_config_registry: `${registry.address}/`,
    npm_config_cache: path.join(house.root, "npm-cache"),
    npm_config_fetch_retries: "0",
  };
  await publish({ answer: "1" });
});
afterEach(async () => {
  house.remove();
  await registry.close();
});

type Published = { version?: string; answer: string };

/** Puts the packages into the registry, and into the house's lock; `answer` is what they export. */
async function publish({ version = "1.0.0", answer }: Published): Promise<void> {
  const packages: Record<string, object> = {};
  for (const name of NAMES) {
    const archive = await tarball({
      "package/package.json": JSON.stringify({ name, version, main: "index.js" }),
      "package/index.js": `module.exports = ${JSON.stringify(answer)};\n`,
    });
    registry.put(tarballOf(name, version), archive);
    packages[`node_modules/${name}`] = {
      version,
      resolved: `${registry.address}${tarballOf(name, version)}`,
      integrity: `sha512-${createHash("sha512").update(archive).digest("base64")}`,
    };
  }
  const root = {
    name: "fixture",
    version: "1.0.0",
    dependencies: Object.fromEntries(NAMES.map((name) => [name, version])),
  };
  house.write("package.json", JSON.stringify(root));
  const lock = { ...root, lockfileVersion: 3, requires: true, packages: { "": root, ...packages } };
  house.write("package-lock.json", JSON.stringify(lock));
}

const tarballOf = (name: string, version = "1.0.0") => `/${name}/-/${name}-${version}.tgz`;

async function tarball(files: Record<string, string>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

/** What the installed packages export, asked in the house. */
function exported(): string[] {
  const program = `console.log(${NAMES.map((name) => `require("${name}")`).join(' + " " + ')})`;
  return execFileSync(process.execPath, ["-e", program], { cwd: house.root, encoding: "utf8" })
    .trim()
    .split(" ");
}

const isInstalled = () => existsSync(path.join(house.root, "node_modules", ".breadthflow-lock"));

function expectWhole({ code, text }: Ended): void {
  expect(code, text).toBe(0);
  expect(text).toContain("npm packages: ready");
  expect(exported()).toEqual(["1", "1"]);
  expect(house.locks()).toEqual([]);
}

test("packages are installed from the lock, and then nothing is said or asked any more", async () => {
  const first = await house.prepare([], env);
  expectWhole(first);
  expect(first.text).toContain("installing 3 packages");
  const asked = registry.asked.length;
  expect(await house.prepare([], env)).toMatchObject({ code: 0, text: "" });
  expect(registry.asked).toHaveLength(asked);
});

test.each([
  ["another version", { version: "2.0.0", answer: "2" }],
  ["the same version with other contents", { answer: "2" }],
])("a lock that names %s installs that", async (_, published) => {
  await house.prepare([], env);
  await publish(published);
  expect((await house.prepare([], env)).text).toContain("npm packages: ready");
  expect(exported()).toEqual(["2", "2"]);
});

describe("killed at any moment, the same command finishes the work", () => {
  test("while packages are fetched; npm ends with it", async () => {
    const held = registry.hold(tarballOf("second"));
    const { child, ended } = house.start([], env);
    await held.asked;
    child.kill("SIGKILL");
    expect((await ended).signal).toBe("SIGKILL");
    await held.gone;
    expect(isInstalled()).toBe(false);
    held.release();
    expectWhole(await house.prepare([], env));
  });

  test("when the packages are there and their mark is not", async () => {
    await house.prepare([], env);
    rmSync(path.join(house.root, "node_modules", ".breadthflow-lock"));
    expect(await house.prepare([], env)).toMatchObject({ code: 0, text: "" });
    expect(isInstalled()).toBe(true);
  });

  test("while packages are unpacked", async () => {
    await house.prepare([], env);
    // As npm leaves it then: no record of its own yet, and a package that is half there.
    for (const name of [".breadthflow-lock", ".package-lock.json", "second/index.js"]) {
      rmSync(path.join(house.root, "node_modules", name));
    }
    expectWhole(await house.prepare([], env));
  });
});

test("of two that run at once one does the work, and the other waits and says so", async () => {
  const held = registry.hold(tarballOf("first"));
  const first = house.start([], env);
  await held.asked;
  const second = house.start([], env);
  let text = "";
  await new Promise<void>((resolve) => {
    second.child.stderr?.on("data", (chunk) => {
      text += chunk;
      if (text.includes(`waiting for the set-up that process ${first.child.pid} is doing`))
        resolve();
    });
  });
  held.release();
  expectWhole(await first.ended);
  const { code, text: said } = await second.ended;
  expect([code, said.includes("ready")]).toEqual([0, false]);
  expect(registry.asked.filter((asked) => asked === tarballOf("first"))).toHaveLength(1);
});

test("stopped by the person, it says so, and goes on from there", async () => {
  const held = registry.hold(tarballOf("first"));
  const { child, ended } = house.start([], env);
  await held.asked;
  child.kill("SIGINT");
  const { code, text } = await ended;
  expect([code, text.trimEnd().split("\n").at(-1)]).toEqual([
    130,
    "Set-up was stopped; the same command goes on from where it was.",
  ]);
  expect(house.locks()).toEqual([]);
  held.release();
  expectWhole(await house.prepare([], env));
});

test("a package that is not the one in the lock is refused", async () => {
  registry.put(tarballOf("first"), await tarball({ "package/package.json": "{}" }));
  const { code, text } = await house.prepare([], env);
  expect(code).toBe(1);
  expect(text.trimEnd().split("\n").at(-1)).toMatch(
    /^The npm registry served something other than what the lock names .* do not install it/,
  );
  expect(isInstalled()).toBe(false);
});
