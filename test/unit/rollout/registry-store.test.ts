import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { storedVersion } from "../../../main/rollout/registry-store.ts";
import { LocalStack, MODEL_FILES } from "./local-stack.ts";

// A real MLflow server: importing its libraries takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

let stack: LocalStack;
let version: string;
beforeAll(async () => {
  stack = new LocalStack();
  version = await stack.register("vol", MODEL_FILES);
});
afterAll(() => stack.end());

test("the store tells what the server tells, also of a version that was deleted", async () => {
  const file = join(stack.workspace.mlflow, "mlflow.db");
  const both = async (of: string) => [
    storedVersion(file, "vol", of),
    await stack.registry.has("vol", of),
  ];
  expect(await both(version)).toEqual([true, true]);
  expect(await both("99")).toEqual([false, false]);
  const { ports } = stack.services.statusOf("mlflow");
  await fetch(`http://127.0.0.1:${ports.http}/api/2.0/mlflow/model-versions/delete`, {
    method: "DELETE",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "vol", version }),
  });
  expect(await both(version)).toEqual([false, false]);
});

test("without a store nothing is registered; one that cannot be read leaves it to the server", () => {
  const folder = mkdtempSync(join(tmpdir(), "breadthflow-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "mlflow.db");
  expect(storedVersion(file, "vol", "1")).toBe(false);
  writeFileSync(file, "not a database, and long enough to be sure of that");
  expect(storedVersion(file, "vol", "1")).toBeUndefined();
});
