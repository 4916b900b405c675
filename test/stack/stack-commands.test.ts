import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServiceView } from "../../contract/service.ts";
import type { Check } from "../../main/runtime/doctor.ts";
import { CommandLine } from "../e2e/command-line.ts";
import { corpus, ENVIRONMENT, expectedOf } from "./support/corpus.ts";

describe("the command stack, with services as processes", () => {
  let cli: CommandLine;
  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
  });
  afterAll(() => cli.remove());

  test("leaves what was ended as it is, where a workspace starts by itself what ideas will need", async () => {
    const opened = Date.now();
    await cli.json<ServiceView[]>("stack", "down", "--native");
    // It does once it has been open for ten seconds.
    await sleep(Math.max(0, opened + 15_000 - Date.now()));
    const later = await cli.json<ServiceView[]>("stack", "ps", "--native");
    expect(new Set(later.map(({ state }) => state))).toEqual(new Set(["stopped"]));
  }, 60_000);

  test("brings the core up, restarts it, shows what it says, and ends it", async () => {
    const up = await cli.json<ServiceView[]>("stack", "up", "--native");
    expect(up.map(({ service, state, health, supervisor }) => [service, state, health, supervisor]))
      // The order is that of the workspace.
      .toEqual([
        ["engine", "ready", "healthy", "native"],
        ["mlflow", "ready", "healthy", "native"],
        ["router", "ready", "healthy", "native"],
      ]);
    const [engine] = await cli.json<ServiceView[]>("stack", "restart", "engine", "--native");
    expect(engine?.state).toBe("ready");
    expect(Date.parse(engine?.since ?? "")).toBeGreaterThan(Date.parse(up[0]?.since ?? ""));
    const { stdout, code } = await cli.run("stack", "logs", "engine", "--native", "--tail", "3");
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").length).toBeLessThanOrEqual(3);
    expect(stdout.trim()).not.toBe("");
    const shown = await cli.json<object[]>("stack", "ps", "--native", "--profile", "core");
    expect(Object.keys(shown[0] ?? {}).sort()).toEqual(
      ["health", "ports", "service", "since", "state", "supervisor"].sort(),
    );
    const down = await cli.json<ServiceView[]>("stack", "down", "--native");
    expect(down.map(({ service, state }) => [service, state])).toEqual([
      ["engine", "stopped"],
      ["mlflow", "stopped"],
      ["notebooks", "stopped"],
      ["router", "stopped"],
    ]);
  }, 300_000);

  test("refuses what contradicts itself, and what needs containers, by name", async () => {
    expect(await cli.problem("stack", "up", "--native", "--docker")).toMatchObject({
      code: "stack.which",
    });
    expect(await cli.problem("stack", "up", "--native", "--profile", "storage")).toMatchObject({
      code: "stack.profile_needs_docker",
      where: { profile: "storage" },
    });
    expect(await cli.problem("stack", "down", "--native", "--profile", "strage")).toMatchObject({
      code: "stack.unknown_profile",
      where: { profile: "strage" },
    });
    expect(await cli.problem("stack", "restart", "nothing", "--native")).toMatchObject({
      code: "service.unknown",
    });
  }, 120_000);
});

describe("stack doctor", () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-doctor-"));
  const nowhere = { env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } };
  const [cli, without] = [new CommandLine(folder), new CommandLine(folder, nowhere)];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const checksOf = (stdout: string) =>
    new Map((JSON.parse(stdout) as { checks: Check[] }).checks.map((one) => [one.name, one]));

  test("holds the chosen profiles against what there is, as processes", async () => {
    const { stdout } = await without.run(
      ...["stack", "doctor", "--native", "--profile", "core", "notebooks", "--json"],
    );
    const checks = checksOf(stdout);
    expect(checks.get("Stack as processes")?.found).toMatch(
      /^core and notebooks fit: 3 GB of memory and 3 GB of disk needed, [\d.]+ GB and [\d.]+ GB available$/,
    );
    expect(checks.has("Docker")).toBe(false);
  }, 60_000);

  test("without Docker, containers that are asked for are missing, and no others", async () => {
    const asked = await without.run("stack", "doctor", "--docker", "--json");
    expect(asked.code).toBe(1);
    expect(checksOf(asked.stdout).get("Docker")).toMatchObject({ state: "missing" });
    expect(checksOf(asked.stdout).has("Stack as processes")).toBe(false);
    const either = checksOf((await without.run("stack", "doctor", "--json")).stdout);
    expect(either.get("Docker")).toMatchObject({ state: "note" });
    expect(either.get("Docker")?.hint).toContain("Not needed");
    const native = await without.run(
      ...["stack", "doctor", "--native", "--profile", "storage", "--json"],
    );
    expect(native.code).toBe(1);
    expect(checksOf(native.stdout).get("Profile storage")).toMatchObject({ state: "missing" });
  }, 60_000);

  test.skipIf(process.env.STACK_TEST_DAEMON === "none")(
    "with Docker, its own room counts",
    async () => {
      const { stdout } = await cli.run("stack", "doctor", "--docker", "--profile", "*", "--json");
      const checks = checksOf(stdout);
      expect(checks.get("Docker")).toMatchObject({ state: "ok", found: expect.any(String) });
      expect(checks.get("Stack as containers")?.found).toMatch(/^core, .* fit: .* of memory/);
    },
    60_000,
  );

  test("a profile that does not exist is named, with those that do", async () => {
    expect(await cli.problem("stack", "doctor", "--profile", "strage")).toMatchObject({
      code: "stack.unknown_profile",
      hint: expect.stringContaining("storage"),
    });
  }, 60_000);
});

describe("stack config", () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-config-"));
  const cli = new CommandLine(folder);
  beforeAll(() => {
    Object.assign(process.env, ENVIRONMENT);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("prints the document that docker compose prints", async () => {
    const chosen = ["anchors", "include", "profiles"];
    for (const one of corpus().filter(({ name }) => chosen.includes(name))) {
      const { stdout, code } = await cli.run(
        ...["stack", "config", ...one.files.flatMap((file) => ["-f", file]), "--json"],
        ...one.profiles.flatMap((profile) => ["--profile", profile]),
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout), one.name).toEqual(expectedOf(one));
    }
  }, 120_000);

  test("ends with 1 and names the key that nothing here would do", async () => {
    const file = join(folder, "compose.yaml");
    writeFileSync(file, "services: {a: {image: x, links: [b]}, b: {image: x}}\n");
    const { stdout, stderr, code } = await cli.run("stack", "config", "-f", file, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({ code: "compose.unsupported" });
    expect(stderr).toContain("links");
  }, 60_000);
});
