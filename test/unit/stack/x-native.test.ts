import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { Environments } from "../../../main/runtime/environments.ts";
import { Secrets } from "../../../main/runtime/secrets.ts";
import { Workspace } from "../../../main/runtime/workspace.ts";
import { nativeService, nativeServices } from "../../../main/stack/native/native-service.ts";
import { workspaceValues } from "../../../main/stack/native/values.ts";
import type { Plan, PlannedService } from "../../../main/stack/plan.ts";
import { processesOf } from "../../../main/stack/workspace-stack.ts";

const PRODUCT = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "breadthflow test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const workspace = new Workspace(folder).create();
const secrets = new Secrets(workspace.secrets);
const environments = new Environments({
  root: PRODUCT,
  override: process.env.BREADTHFLOW_ENVIRONMENTS,
});
const values = workspaceValues({ product: PRODUCT, workspace: folder, secrets });
const around = { environments, values };

const WELL = {
  command: ["node", "main.ts", "{port.http}"],
  working_dir: "{workspace}",
  ready: { path: "/ready", within: "1m30s" },
};

function service(native: unknown, model: PlannedService["model"] = {}, name = "one") {
  return { name, model, extensions: { "x-native": native } };
}

describe("the bundles' services as processes", () => {
  const described = processesOf({
    workspace,
    environments,
    secrets,
    product: PRODUCT,
    nodeArgs: [],
  });

  test("are those of the core and the notebooks", () => {
    expect(described.map(({ name, profiles }) => [name, ...profiles])).toEqual([
      ["engine", "core"],
      ["mlflow", "core"],
      ["notebooks", "notebooks"],
      ["router", "core"],
    ]);
    for (const { title } of described) expect(title).not.toBe("");
  });

  test.each(described.map((spec) => [spec.name, spec] as const))(
    "%s has every value filled in, and tokens where nobody sees them",
    async (_, spec) => {
      const command = await spec.prepare({ http: 12_345 });
      const env = Object.values(command.env).filter((value) => value !== undefined);
      const all = [command.executable, ...command.args, command.cwd, ...env];
      expect(all.join(" ")).not.toMatch(/\{[a-z_.-]+\}/);
      expect(all.join(" ")).toContain("12345");
      expect(existsSync(command.cwd)).toBe(true);
      for (const secret of secrets.values()) expect(command.args.join(" ")).not.toContain(secret);
    },
  );

  test("keep files in the workspace, whatever it is called", async () => {
    const mlflow = described.find(({ name }) => name === "mlflow");
    const env = (await mlflow?.prepare({ http: 1 }))?.env ?? {};
    expect(env._MLFLOW_SERVER_FILE_STORE).toBe(`sqlite:///${folder}/mlflow/mlflow.db`);
    expect(env._MLFLOW_SERVER_ARTIFACT_DESTINATION).toBe(
      pathToFileURL(join(folder, "mlflow", "artifacts")).href,
    );
  });
});

describe("an x-native", () => {
  test("takes what compose has a word for from there", () => {
    const spec = nativeService(
      service(WELL, { restart: "no", stop_grace_period: "3s", profiles: ["extra"] }),
      around,
    );
    expect(spec).toMatchObject({ restart: "never", stopGraceMs: 3000, profiles: ["extra"] });
    expect(spec.ready).toEqual({ port: "http", path: "/ready", deadlineMs: 90_000 });
    expect(nativeService(service(WELL), around)).toMatchObject({
      ...{ restart: "on_failure", stopGraceMs: 10_000 },
    });
  });

  test("depends on what can be a process too, and on no container", () => {
    const needs = { condition: "service_healthy", required: true } as const;
    const depends_on = { two: needs, database: needs };
    const services = {
      one: service(WELL, { depends_on }),
      two: service(WELL, {}, "two"),
      database: { name: "database", model: {}, extensions: {} },
    };
    const specs = nativeServices({ services } as unknown as Plan, around);
    expect(specs.map(({ name, dependsOn }) => [name, ...dependsOn])).toEqual([
      ["one", "two"],
      ["two"],
    ]);
  });

  test("runs on this very Node, and takes a variable away that it says is null", async () => {
    const spec = nativeService(service({ ...WELL, variables: { TAKEN: null, GIVEN: "1" } }), {
      ...around,
      nodeArgs: ["--before"],
    });
    expect(await spec.prepare({ http: 80 })).toEqual({
      executable: process.execPath,
      args: ["--before", "main.ts", "80"],
      cwd: folder,
      env: { ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: undefined, TAKEN: undefined, GIVEN: "1" },
    });
  });

  test("has its values encoded in an address", () => {
    const named = { ...WELL, ready: { path: "/models/{model}", within: "1s" } };
    const spec = nativeService(service(named), {
      environments,
      values: (name) => (name === "model" ? "a/b c" : undefined),
    });
    expect(spec.ready.path).toBe("/models/a%2Fb%20c");
  });

  test.each([
    ["a key that it has not", { ...WELL, user: "root" }, "services.one.x-native: "],
    ["a program that is not ours", { ...WELL, command: ["sh"] }, "x-native.command"],
    ["python of no environment", { ...WELL, command: ["python"] }, "x-native.environment"],
    ["no duration", { ...WELL, ready: { path: "/", within: "soon" } }, "x-native.ready.within"],
  ])("is refused by name and place for %s", (_, native, place) => {
    expect(() => nativeService(service(native), around)).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          code: "compose.bad_native",
          detail: expect.stringContaining(place),
        }),
      }),
    );
  });

  test("is refused for a value that nothing is called", async () => {
    const spec = nativeService(service({ ...WELL, working_dir: "{nowhere}" }), around);
    await expect(spec.prepare({ http: 1 })).rejects.toThrow("{nowhere}");
  });
});
