import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemOf } from "../../../contract/problem.ts";
import { Environments } from "../../../main/runtime/environments.ts";
import { Ports } from "../../../main/runtime/ports.ts";
import { endTree, identify, isAlive, spawnGroup } from "../../../main/runtime/processes.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "breadthflow-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("ports", () => {
  test("a port is remembered, and differs from every other one", async () => {
    const file = join(folder, "ports.json");
    const ports = new Ports(file);
    const names = ["engine.http", "mlflow.http", "router.http"];
    const claimed = await Promise.all(names.map((name) => ports.claim(name)));
    expect(new Set(claimed.map(({ port }) => port)).size).toBe(3);
    const later = new Ports(file);
    for (const [index, name] of names.entries()) {
      expect(await later.claim(name)).toEqual({ port: claimed[index]?.port });
    }
  });

  test("a port that is taken moves on to the next free one, and tells who has it", async () => {
    const ports = new Ports(join(folder, "ports.json"));
    const { port } = await ports.claim("engine.http");
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    const moved = await ports.claim("engine.http");
    other.close();
    expect(moved.port).toBeGreaterThan(port);
    expect(moved.gaveUp?.port).toBe(port);
    if (process.platform === "linux") expect(moved.gaveUp?.holder?.pid).toBe(process.pid);
  });

  test("a damaged file costs no more than new numbers", async () => {
    const file = join(folder, "ports.json");
    writeFileSync(file, '{"engine.http": "many"}');
    expect((await new Ports(file).claim("engine.http")).port).toBeGreaterThan(20_000);
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty(["engine.http"]);
  });
});

describe("processes", () => {
  const idle = "setInterval(() => undefined, 1000)";

  test("a process is recognised by more than its pid", async () => {
    const child = spawn(process.execPath, ["-e", idle]);
    const identity = await identify(child.pid as number);
    expect(identity && (await isAlive(identity))).toBe(true);
    expect(await isAlive({ pid: child.pid as number, started: "another time" })).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(identity && (await isAlive(identity))).toBe(false);
    expect(await identify(child.pid as number)).toBeUndefined();
  });

  test("a tree is ended although its leader has died before its children", async () => {
    const program = `const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(idle)}]); console.log(child.pid); ${idle}`;
    const leader = spawnGroup(process.execPath, ["-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = await once(leader.stdout as NodeJS.ReadableStream, "data");
    const child = await identify(Number(String(said)));
    const identity = await identify(leader.pid as number);
    if (!child || !identity) return expect.fail("both run");
    if (process.platform === "linux") {
      leader.kill("SIGKILL");
      await once(leader, "exit");
    }
    await endTree(identity, 2000);
    expect(await isAlive(child)).toBe(false);
  });
});

describe("environments", () => {
  test("a folder without the marker of today's lock is not used", () => {
    const environments = new Environments({ root: folder });
    const python = environments.python("tracking");
    const lock = join(environments.enginePackage, "locks", "tracking.txt");
    for (const path of [python, lock]) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(python, "");
    writeFileSync(lock, "mlflow==1\n");
    expect(environments.isReady("tracking")).toBe(false);
    const marker = join(environments.folder("tracking"), ".ready");
    writeFileSync(marker, createHash("sha256").update("mlflow==1\n").digest("hex"));
    expect(environments.isReady("tracking")).toBe(true);
    writeFileSync(lock, "mlflow==2\n");
    expect(environments.isReady("tracking")).toBe(false);
  });

  test("one that is missing where somebody else keeps them is named", async () => {
    const environments = new Environments({ root: folder, override: join(folder, "theirs") });
    const problem = problemOf(await environments.ensure("serving").catch((error) => error));
    expect(problem).toMatchObject({
      code: "environment.missing",
      where: { environment: "serving" },
    });
  });

  test("what the preparation says goes to the person as it is", async () => {
    const script = join(folder, "scripts/prepare/environments.mjs");
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(
      script,
      `export async function ensureEnvironment(name, { onProgress }) {
         onProgress({ subject: name, message: "downloading" });
         throw Object.assign(new Error("x"), { code: "prepare.disk_full", detail: "Full.", hint: "Free some." });
       }`,
    );
    const said: string[] = [];
    const making = new Environments({ root: folder }).ensure("serving", {
      onProgress: (message) => said.push(message),
    });
    expect(problemOf(await making.catch((error) => error))).toMatchObject({
      code: "prepare.disk_full",
      hint: "Free some.",
    });
    expect(said).toEqual(["serving: downloading"]);
  });
});
