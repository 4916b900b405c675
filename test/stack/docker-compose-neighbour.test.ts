import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { imageRevision } from "../../main/stack/docker/image-revision.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import { standIns } from "./support/debian-image.ts";
import { docker } from "./support/docker.ts";
import { askCompose } from "./support/oracle.ts";
import { Project } from "./support/project.ts";

const SERVICES = `
services:
  step:
    image: ${TEST_IMAGE}
    command: sh -c 'echo made > /data/made'
    volumes: ["data:/data"]
  store:
    image: ${TEST_IMAGE}
    init: true
    command: sleep 1000
    env_file: store.env
    environment: {SAID: here}
    depends_on: {step: {condition: service_completed_successfully}}
    healthcheck: {test: [CMD, test, -f, /data/made], interval: 300ms}
    volumes: ["data:/data", /anonymous]
    labels: {own: label}
    stop_grace_period: 1s
  web:
    image: ${TEST_IMAGE}
    init: true
    command: sleep 1000
    ports: [{name: http, target: 80, host_ip: 127.0.0.1}]
    depends_on: {store: {condition: service_healthy, restart: true}}
    networks: {default: {aliases: [www]}, back: null}
    mem_limit: 64m
    cpus: 0.5
    cap_drop: [ALL]
    read_only: true
    tmpfs: /tmp:size=1m
    ulimits: {nofile: {soft: 100, hard: 200}}
    extra_hosts: ["other:10.0.0.1"]
    secrets: [token]
    configs: [{source: settings, target: /settings, mode: 0440}]
    restart: on-failure:2
    logging: {driver: json-file, options: {max-size: 1m}}
volumes: {data: null}
networks: {back: {internal: true, labels: {kind: back}}}
secrets: {token: {file: ./token.txt}}
configs: {settings: {file: ./token.txt}}
`;

let project: Project;

/** What the daemon holds of a container, without what differs from one start to the next. */
async function shape(service: string) {
  const { Config, HostConfig, NetworkSettings, Mounts } = await project.inspect(service);
  const aliases = Object.values(NetworkSettings.Networks).map(({ Aliases }) =>
    (Aliases as string[]).filter((one) => !/^[0-9a-f]{12}$/.test(one)).sort(),
  );
  return {
    // Compose sets variables in another order each time.
    config: { ...Config, Hostname: "", Env: [...(Config.Env ?? [])].sort() },
    host: {
      ...HostConfig,
      // An empty list and nothing are the same to the daemon.
      Mounts: HostConfig.Mounts?.map((one) => JSON.stringify(one)).sort() ?? null,
    },
    networks: Object.keys(NetworkSettings.Networks).sort(),
    aliases,
    mounts: Mounts.map(({ Type, Destination, RW }) => `${Type} ${Destination} ${RW}`).sort(),
  };
}

/** Drops members that say nothing, so that two ways of saying nothing are equal. */
function telling(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(telling);
  if (typeof value !== "object" || value === null) {
    return value === "" || value === 0 || value === false || value === null ? undefined : value;
  }
  const members = Object.entries(value)
    .map(([key, item]) => [key, telling(item)] as const)
    .filter(([, item]) => item !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")(
  "docker compose and the supervisor share a project",
  () => {
    beforeEach(async () => {
      project = new Project(SERVICES);
      const { writeFileSync } = await import("node:fs");
      writeFileSync(`${project.folder}/token.txt`, "token");
      writeFileSync(`${project.folder}/store.env`, "FROM_FILE=1\nSAID=file\n");
    });
    afterEach(() => project.remove());

    test("what the supervisor started, compose finds as it wants it, and stops", async () => {
      const supervisor = await project.supervisor();
      await supervisor.up();
      const before = (await project.containers()).map(({ Id }) => Id).sort();

      expect(project.compose("ps", "--services").trim().split("\n").sort()).toEqual([
        "store",
        "web",
      ]);
      project.compose("up", "--detach");
      expect((await project.containers()).map(({ Id }) => Id).sort()).toEqual(before);

      project.compose("down", "--volumes");
      expect(project.left()).toEqual([]);
      await expect
        .poll(() => supervisor.status().map(({ state }) => state), { timeout: 2000 })
        .toEqual(["stopped", "stopped", "stopped"]);
    });

    test("what compose started, the supervisor adopts, and removes", async () => {
      project.compose("up", "--detach");
      const before = (await project.containers()).map(({ Id }) => Id).sort();
      const supervisor = await project.supervisor();
      await supervisor.up();
      expect((await project.containers()).map(({ Id }) => Id).sort()).toEqual(before);
      expect(supervisor.status().map(({ service, state }) => [service, state])).toEqual([
        ["step", "stopped"],
        ["store", "ready"],
        ["web", "ready"],
      ]);
      await supervisor.down({ volumes: true });
      expect(project.left()).toEqual([]);
    });

    test("both ask the daemon for the same containers, with the same labels", async () => {
      project.compose("up", "--detach");
      const theirs = { store: await shape("store"), web: await shape("web") };
      project.compose("down", "--volumes");
      const supervisor = await project.supervisor();
      await supervisor.up();
      const ours = { store: await shape("store"), web: await shape("web") };
      for (const name of ["store", "web"] as const) {
        expect(ours[name].config.Labels).toEqual(theirs[name].config.Labels);
        expect(telling(ours[name])).toEqual(telling(theirs[name]));
      }
    });
  },
);

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the bundles with docker compose", () => {
  const HOUSE = join(import.meta.dirname, "../..");
  const name = `bft-${process.pid}-by-hand`;
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    env = {
      ...{ ...process.env, ...standIns(), DOCKER_BUILDKIT: "0" },
      // Beside a stack that somebody has up from here, and with the sources of today.
      COMPOSE_PROJECT_NAME: name,
      BREADTHFLOW_REVISION: imageRevision(join(HOUSE, "compose-bundles")),
    };
  });
  afterAll(() => void askCompose([...FILE, "--profile", "*", "down", "--volumes"], env, HOUSE));

  const FILE = ["-f", "compose-bundles/compose.yaml"];
  const compose = (...args: string[]) => {
    const asked = askCompose([...FILE, ...args], env, HOUSE);
    if (!asked.ok) throw new Error(asked.errors);
    return asked.output.trim();
  };
  const listed = (...kind: string[]) =>
    docker([...kind, "--filter", `label=com.docker.compose.project=${name}`, "--quiet"]).trim();

  test("the core comes up from a clone, is reached with its token, and ends with its data kept", async () => {
    compose("--profile", "core", "up", "--wait");
    const engine = compose("port", "engine", "8080");
    expect(engine).toMatch(/^127\.0\.0\.1:\d+$/);
    const token = compose("exec", "engine", "cat", "/secrets/engine-token");
    const statusOf = async (authorization?: string) =>
      (
        await fetch(`http://${engine}/capabilities`, {
          ...(authorization ? { headers: { authorization } } : {}),
        })
      ).status;
    expect(await statusOf()).toBe(401);
    expect(await statusOf(`Bearer ${token}`)).toBe(200);
    expect((await fetch(`http://${compose("port", "router", "8080")}/v2/health/ready`)).ok).toBe(
      true,
    );
    expect((await fetch(`http://${compose("port", "mlflow", "5000")}/`)).ok).toBe(true);

    compose("--profile", "core", "down");
    expect(listed("ps", "--all")).toBe("");
    expect(listed("volume", "ls").split("\n")).toHaveLength(3);
    compose("--profile", "core", "down", "--volumes");
    expect(listed("volume", "ls")).toBe("");
  }, 900_000);
});
