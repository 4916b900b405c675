import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { examine } from "../../../main/runtime/doctor.ts";
import { ENVIRONMENT_NAMES, Environments } from "../../../main/runtime/environments.ts";

const LOCKS = "compose-bundles/engine/locks";

function clone(): string {
  const root = mkdtempSync(join(tmpdir(), "breadthflow-doctor-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(import.meta.dirname, "../../..", LOCKS), join(root, LOCKS), { recursive: true });
  return root;
}

function made(root: string, name: "core", lock = readFileSync(join(root, LOCKS, `${name}.txt`))) {
  const environments = new Environments({ root });
  mkdirSync(dirname(environments.python(name)), { recursive: true });
  writeFileSync(environments.python(name), "");
  const hash = createHash("sha256").update(lock).digest("hex");
  writeFileSync(join(environments.folder(name), ".ready"), hash);
}

describe("doctor", () => {
  const pythons = (root: string, override?: string) =>
    examine(root, new Environments({ root, override })).filter(({ name }) =>
      name.startsWith("Python: "),
    );

  test("lacks nothing on a fresh clone: what is made on first use is a note", () => {
    const checks = pythons(clone());
    expect(checks.map(({ name }) => name)).toEqual(ENVIRONMENT_NAMES.map((n) => `Python: ${n}`));
    for (const { state, found } of checks) {
      expect(state).toBe("note");
      expect(found).toContain("first use");
    }
  });

  test("says of each environment whether it is there, and made from today's lock", () => {
    const root = clone();
    made(root, "core");
    expect(pythons(root)[0]).toMatchObject({ state: "ok", hint: null });
    made(root, "core", Buffer.from("yesterday's"));
    expect(pythons(root)[0]).toMatchObject({ state: "note" });
  });

  test("an environment that somebody else keeps and that is not there is missing", () => {
    const root = clone();
    const [core] = pythons(root, join(root, "kept"));
    expect(core).toMatchObject({ state: "missing" });
    expect(core?.found).toContain(join(root, "kept", "core"));
    expect(core?.hint).toContain("BREADTHFLOW_ENVIRONMENTS");
    const notebooks = pythons(root, join(root, "kept")).at(-1);
    expect(notebooks, "without which everything else works").toMatchObject({ state: "note" });
  });

  test("looks for room where the workspace will be, though it is not there yet", () => {
    const root = clone();
    const disk = examine(join(root, "not", "yet")).find(({ name }) => name === "Disk");
    expect(disk?.found).toContain(root);
  });
});
