import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemOf } from "../../contract/problem.ts";
import { Ports } from "../../main/runtime/ports.ts";
import { DockerStack } from "../../main/stack/docker/docker-stack.ts";
import { WorkspaceOverlay } from "../../main/stack/docker/workspace-overlay.ts";
import { NativeStack } from "../../main/stack/native/native-stack.ts";
import { NativeSupervisor } from "../../main/stack/native/supervisor.ts";
import { StackView } from "../../main/stack/stack-view.ts";
import { TEST_IMAGE } from "./support/daemon.ts";

const SLEEPER = `image: ${TEST_IMAGE}, init: true, command: sleep 1000, stop_grace_period: 1s`;
const BUNDLES = `
name: bundles
services:
  app: {profiles: [core], ${SLEEPER}, ports: [{name: http, target: 80, host_ip: 127.0.0.1}]}
  store: {profiles: [storage], ${SLEEPER}}
  charts: {profiles: [monitoring], ${SLEEPER}, depends_on: [app]}
  way-home: {profiles: [home], image: ${TEST_IMAGE}, command: "true"}
`;

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the containers of a workspace", () => {
  let folder: string;
  let stack: DockerStack;

  const open = () =>
    new DockerStack({
      files: [join(folder, "compose.yaml")],
      overlay: new WorkspaceOverlay(join(folder, "run/overlay.yaml"), folder),
      workspace: folder,
      runFolder: join(folder, "run"),
      logFolder: join(folder, "logs"),
      variables: () => process.env,
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-workspace-"));
    for (const name of ["run", "logs"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "compose.yaml"), BUNDLES);
    stack = open();
  });
  afterEach(async () => {
    await stack.down({ volumes: true });
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const up = async () =>
    (await stack.list()).filter(({ state }) => state === "ready").map(({ service }) => service);

  test("a profile is brought up beside those that are up, and none is taken from the plan", async () => {
    await stack.up({ profiles: ["core"] });
    expect(await up()).toEqual(["app"]);
    await stack.up({ profiles: ["storage"] });
    expect(await up()).toEqual(["app", "store"]);
    const { plan } = await stack.supervisor();
    expect(Object.keys(plan.services).sort()).toEqual(["app", "store"]);
  });

  test("a later workbench knows the profiles of an earlier one", async () => {
    await stack.up({ profiles: ["storage"] });
    await stack.close();
    stack = open();
    await stack.reopen();
    expect(Object.keys((await stack.supervisor()).plan.services).sort()).toEqual(["app", "store"]);
    expect(await up()).toEqual(["store"]);
  });

  test("what others know of a container is told with its own notices, while it is so", async () => {
    const [runFolder, logFolder] = [join(folder, "run"), join(folder, "logs")];
    const ports = new Ports(join(runFolder, "ports.json"));
    const native = new NativeStack(new NativeSupervisor({ runFolder, logFolder, ports }), []);
    const view = new StackView(native, stack);
    let remark: string | null = "It is not mirrored.";
    view.remarks.set("store", () => remark);
    await stack.up({ profiles: ["core", "storage"] });
    const notices = async () =>
      (await view.list())
        .filter(({ state }) => state === "ready")
        .map((one) => [one.service, one.notices]);
    expect(await notices()).toEqual([
      ["app", []],
      ["store", ["It is not mirrored."]],
    ]);
    expect((await view.start("store", "docker")).notices).toEqual(["It is not mirrored."]);
    remark = null;
    expect(await notices()).toEqual([
      ["app", []],
      ["store", []],
    ]);
  });

  test("what a profile needs of another comes along", async () => {
    await stack.up({ profiles: ["monitoring"] });
    expect(await up()).toEqual(["app", "charts"]);
  });

  test("every profile is every one that a person may bring up", async () => {
    await stack.up({ profiles: ["*"] });
    expect(await up()).toEqual(["app", "charts", "store"]);
  });

  test("a profile is brought down without what another in use has", async () => {
    await stack.up({ profiles: ["*"] });
    await stack.down({ profiles: ["monitoring", "storage"] });
    expect(await up()).toEqual(["app"]);
    expect(Object.keys((await stack.supervisor()).plan.services)).toEqual(["app"]);
    // What depends on it goes with it.
    await stack.up({ profiles: ["monitoring"] });
    await stack.down({ profiles: ["core"] });
    expect(await up()).toEqual([]);
  });

  test("what a profile shares stays while the other is up, and goes where it is not", async () => {
    const shared = `  shared: {profiles: [core, storage], ${SLEEPER}}\n`;
    writeFileSync(join(folder, "compose.yaml"), `${BUNDLES}${shared}`);
    await stack.up({ profiles: ["storage"] });
    expect(await up()).toEqual(["shared", "store"]);
    await stack.down({ profiles: ["storage"] });
    expect(await up()).toEqual([]);
    await stack.up({ profiles: ["core", "storage"] });
    await stack.down({ profiles: ["storage"] });
    expect(await up()).toEqual(["app", "shared"]);
  });

  test("one service of a profile that is off is started alone", async () => {
    await stack.start("store");
    expect(await up()).toEqual(["store"]);
    await stack.restart(["store"]);
    await stack.stop("store");
    expect(await up()).toEqual([]);
  });

  test("what runs tells what it uses and since when it does, and nothing else", async () => {
    await stack.up({ profiles: ["core"] });
    const [usage, ...others] = await stack.usage();
    expect(others).toEqual([]);
    expect(usage).toMatchObject({ service: "app", supervisor: "docker" });
    expect(usage?.memory).toBeGreaterThan(10_000);
    expect(usage?.cpu).toBeGreaterThanOrEqual(0);
    const since = (await stack.list()).map((one) => [one.service, one.since]);
    expect(since).toEqual([
      ["app", expect.stringMatching(/^20\d\d-/)],
      ["charts", null],
      ["store", null],
    ]);
    await stack.stop("app");
    expect(await stack.usage()).toEqual([]);
  });

  test("a service whose port another program has is given the next free one, and keeps it", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    try {
      const { port } = holder.address() as AddressInfo;
      const published = `published: "${port}", host_ip: 127.0.0.1`;
      writeFileSync(join(folder, "compose.yaml"), BUNDLES.replace("host_ip: 127.0.0.1", published));
      const problem = await stack.start("app").then(
        () => undefined,
        (error) => problemOf(error),
      );
      expect(problem).toMatchObject({ code: "docker.port_taken", where: { service: "app", port } });
      const next = Number(problem?.where?.next_free);
      await stack.movePort("app", port, next);
      const portOf = async () =>
        (await stack.list()).find(({ service }) => service === "app")?.ports.http;
      expect(await portOf()).toBe(next);
      await stack.close();
      stack = open();
      await stack.up({ profiles: ["core"] });
      expect(await portOf()).toBe(next);
      expect(holder.listening).toBe(true);
    } finally {
      holder.close();
    }
  });

  test("a daemon that answers is told with its version, and needs no remedy", async () => {
    const daemon = await stack.daemon();
    expect(daemon).toMatchObject({ problem: null, remedy: null });
    expect(daemon.version).toMatch(/^\d+\.\d+/);
  });

  test("a profile that does not exist is named, with those that do", async () => {
    const problem = await stack.up({ profiles: ["strage"] }).then(
      () => undefined,
      (error) => problemOf(error),
    );
    expect(problem).toMatchObject({
      code: "stack.unknown_profile",
      hint: "Profiles: core, monitoring, storage.",
      where: { profile: "strage" },
    });
  });
});
