import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Noun } from "../../../contract/noun.ts";
import { Environments } from "../../../main/runtime/environments.ts";
import { Secrets } from "../../../main/runtime/secrets.ts";
import { TypedEvent } from "../../../main/runtime/typed-event.ts";
import { Workspace } from "../../../main/runtime/workspace.ts";
import { licencesOf } from "../../../main/upkeep/licences.ts";
import { Upkeep } from "../../../main/upkeep/upkeep.ts";

let folder: string;
let workspace: Workspace;
let secrets: Secrets;
let changes: Noun[];
let upkeep: Upkeep;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breadthflow-upkeep-"));
  workspace = new Workspace(join(folder, "workspace")).create();
  secrets = new Secrets(workspace.secrets);
  changes = [];
  const changed = new TypedEvent<Noun>();
  changed.subscribe((noun) => changes.push(noun));
  upkeep = new Upkeep({
    workspace,
    environments: new Environments({ root: join(folder, "house") }),
    secrets,
    changed,
    services: () => Promise.resolve([]),
    stackChecks: () => Promise.resolve([]),
    version: "1.2.3",
    packageLock: join(folder, "package-lock.json"),
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An environment as it is after an interrupted installation: an interpreter, and no marker. */
function makeHalf(name: string): string {
  const environment = join(folder, "house", ".venv", name);
  mkdirSync(join(environment, "bin"), { recursive: true });
  writeFileSync(join(environment, "bin", "python"), "");
  const locks = join(folder, "house", "compose-bundles", "engine", "locks");
  mkdirSync(locks, { recursive: true });
  writeFileSync(join(locks, `${name}.txt`), "");
  return environment;
}

describe("the environments", () => {
  test("one that is half made is told from one that is missing", () => {
    makeHalf("serving");
    const states = Object.fromEntries(
      upkeep.environments.list().map(({ name, state }) => [name, state]),
    );
    expect(states).toEqual({
      ...{ core: "missing", tracking: "missing", notebooks: "missing" },
      serving: "outdated",
    });
  });

  test("removing one frees its place and says so", async () => {
    makeHalf("core");
    expect((await upkeep.environments.remove("core")).state).toBe("missing");
    expect(changes).toContain("settings");
  });

  test("one that somebody else keeps is not touched", async () => {
    const kept = join(folder, "kept");
    mkdirSync(join(kept, "core"), { recursive: true });
    const other = new Upkeep({
      workspace,
      environments: new Environments({ root: folder, override: kept }),
      secrets,
      changed: new TypedEvent<Noun>(),
      services: () => Promise.resolve([]),
      stackChecks: () => Promise.resolve([]),
      version: "1.2.3",
      packageLock: "",
    });
    await expect(other.environments.remove("core")).rejects.toMatchObject({
      problem: { code: "environment.kept_elsewhere" },
    });
  });
});

describe("secrets", () => {
  test("a new value takes the old one's place; an unknown name is refused", () => {
    const before = secrets.get("engine");
    upkeep.replaceSecret("engine", undefined);
    expect(secrets.get("engine")).not.toBe(before);
    upkeep.replaceSecret("engine", "a value of one's own");
    expect(secrets.get("engine")).toBe("a value of one's own");
    expect(() => upkeep.replaceSecret("nothing", undefined)).toThrow(/no secret nothing/);
    expect(upkeep.secretNames()).toEqual(["engine"]);
  });

  test("diagnostics hold the ends of the logs, without secrets or the home folder", async () => {
    const token = secrets.get("engine");
    writeFileSync(join(workspace.logs, "engine.log"), `started with ${token} in ${homedir()}\n`);
    const found = await upkeep.diagnostics();
    expect(found.logs["engine.log"]).toEqual(["started with [secret] in ~"]);
    expect(found.version).toBe("1.2.3");
    expect(found.checks.length).toBeGreaterThan(3);
    expect(JSON.stringify(found)).not.toContain(token);
  });
});

test("licences come from the npm lock and from what Python installed", async () => {
  const lock = { packages: { "": {}, "node_modules/@a/b": { version: "1.0.0", license: "MIT" } } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  const packages = join(folder, "core", "lib", "python3.11", "site-packages");
  mkdirSync(join(packages, "c-2.0.dist-info"), { recursive: true });
  const metadata = "Name: c\nVersion: 2.0\nLicense-Expression: BSD-3-Clause\n\nLicense: no\n";
  writeFileSync(join(packages, "c-2.0.dist-info", "METADATA"), metadata);
  const found = await licencesOf({
    packageLock: join(folder, "package-lock.json"),
    environments: [join(folder, "core"), join(folder, "missing")],
  });
  expect(found).toEqual([
    { name: "@a/b", version: "1.0.0", licence: "MIT", language: "JavaScript" },
    { name: "c", version: "2.0", licence: "BSD-3-Clause", language: "Python" },
  ]);
});

test("the disk tells what the workspace takes up", async () => {
  writeFileSync(join(workspace.data, "table"), Buffer.alloc(5000));
  const { used, free, size } = await upkeep.disk();
  expect(used).toBeGreaterThanOrEqual(5000);
  expect(used).toBeLessThan(1_000_000);
  expect(free).toBeLessThanOrEqual(size);
});
