import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Environments } from "../../main/runtime/environments.ts";
import { loadPlan } from "../../main/stack/compose/load.ts";
import { connect } from "../../main/stack/docker/connection.ts";
import { imageRevision } from "../../main/stack/docker/image-revision.ts";
import { DockerSupervisor } from "../../main/stack/docker/supervisor.ts";
import { modelServerService } from "../../main/stack/services/model-server.ts";
import { monitoringStandIns, STEPS_IMAGE } from "./support/debian-image.ts";
import { MONITORING, panelQueries, rules } from "./support/monitoring-queries.ts";
import { metricsOf } from "./support/promql.ts";

const HOUSE = join(import.meta.dirname, "../..");
const BUNDLES = join(HOUSE, "compose-bundles");
const PROJECT = `bft-monitoring-${process.pid}`;
/** All but Grafana, which has no package that a stand-in could be made of. */
const WATCHED = ["engine", "router", "model-linear", "postgres-exporter", "s3-exporter"];
const SERVICES = ["prometheus", "alertmanager", ...WATCHED];

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the bundle monitoring", () => {
  let folder: string;
  let images: Record<string, string>;
  let supervisor: DockerSupervisor;

  beforeAll(async () => {
    images = monitoringStandIns();
    folder = mkdtempSync(join(tmpdir(), "monitoring-"));
    const plan = loadPlan({
      files: [join(BUNDLES, "compose.yaml"), await served()],
      profiles: ["core", "monitoring"],
      projectName: PROJECT,
      environment: { ...images, BREADTHFLOW_REVISION: imageRevision(BUNDLES) },
    });
    supervisor = await new DockerSupervisor(await connect(), plan, folder).open();
    await supervisor.up({ services: SERVICES });
  }, 1_800_000);

  afterAll(async () => {
    await supervisor?.down({ volumes: true });
    await supervisor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A compose file with one served model, which the router knows. */
  async function served(): Promise<string> {
    const model = join(folder, "linear");
    mkdirSync(model);
    writeFileSync(join(model, "model.json"), JSON.stringify({ weights: [1, 2] }));
    const { container } = modelServerService({
      environments: new Environments({ root: HOUSE }),
      ...{ service: "model-linear", folder: join(folder, "serving"), modelFolder: model },
      ...{ model: "linear", version: "1", implementation: "linear_model.LinearModel" },
    });
    const described = (await container?.()) as { volumes: unknown[] };
    const runtime = join(HOUSE, "test/unit/rollout/runtime/linear_model.py");
    const route = { deployment: "live", model: "linear", version: "1", host: "model-linear" };
    const routes = join(folder, "routes.json");
    writeFileSync(routes, JSON.stringify({ routes: [{ ...route, port: 8080 }] }));
    const file = join(folder, "served.json");
    const bind = (source: string, target: string) => ({ type: "bind", source, target });
    const services = {
      "model-linear": {
        ...described,
        volumes: [...described.volumes, bind(runtime, "/opt/breadthflow/linear_model.py")],
      },
      router: {
        volumes: [bind(routes, "/routes.json")],
        environment: { BREADTHFLOW_ROUTER_ROUTES: "/routes.json" },
      },
    };
    writeFileSync(file, JSON.stringify({ services }));
    // The files are the test's; in its containers, the product's own user reads them.
    execFileSync("chmod", ["-R", "go+rX", folder]);
    return file;
  }

  const portOf = (service: string) =>
    supervisor.status().find((one) => one.service === service)?.ports.http;

  async function ask<T>(service: string, path: string, init: RequestInit = {}): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${portOf(service)}${path}`, init);
    if (!answer.ok) throw new Error(`${service}${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  const prometheus = async <T>(path: string, query: Record<string, string> = {}): Promise<T> =>
    (await ask<{ data: T }>("prometheus", `/api/v1/${path}?${new URLSearchParams(query)}`)).data;

  const secret = (name: string) =>
    execFileSync("docker", ["exec", `${PROJECT}-engine-1`, "cat", `/secrets/${name}`], {
      encoding: "utf8",
    });

  async function targets(): Promise<Record<string, string>> {
    const { activeTargets } = await prometheus<{
      activeTargets: { labels: { job: string }; health: string }[];
    }>("targets");
    return Object.fromEntries(activeTargets.map(({ labels, health }) => [labels.job, health]));
  }

  const UP = {
    ...{ engine: "up", router: "up", "model-servers": "up", postgres: "up", s3: "up" },
    ...{ prometheus: "up", alertmanager: "up" },
  };

  test("scrapes every service that is up, with a token that starts nothing", async () => {
    await expect.poll(targets, { timeout: 60_000, interval: 1000 }).toMatchObject(UP);
    const token = secret("metrics-token");
    expect(token).not.toBe(secret("engine-token"));
    const headers = { authorization: `Bearer ${token}` };
    await expect(ask("engine", "/capabilities", { headers })).rejects.toThrow("401");
    await expect(ask("router", "/v2", { headers })).rejects.toThrow("401");
  });

  test("is kept to itself: loopback, no root that can be written, no power, limits", () => {
    const names = [...SERVICES, "postgres-watcher"].map((name) => `${PROJECT}-${name}-1`);
    const inspected = execFileSync("docker", ["inspect", ...names], { encoding: "utf8" });
    for (const { Name, HostConfig } of JSON.parse(inspected)) {
      expect(HostConfig, Name).toMatchObject({ ReadonlyRootfs: true, CapDrop: ["ALL"] });
      expect(HostConfig.Memory, Name).toBeGreaterThan(0);
      expect(HostConfig.PidsLimit, Name).toBeGreaterThan(0);
      for (const bindings of Object.values(HostConfig.PortBindings ?? {})) {
        expect(bindings, Name).toEqual([expect.objectContaining({ HostIp: "127.0.0.1" })]);
      }
    }
    for (const name of ["metrics-token"]) expect(inspected).not.toContain(secret(name));
  });

  test("its rules and files hold before promtool and amtool, every rule in a made-up case", () => {
    const run = (program: string, ...args: string[]) =>
      execFileSync(
        "docker",
        [
          ...["run", "--rm", "--network", "none", "--entrypoint", program],
          ...["--volume", `${MONITORING}:/bundle:ro`],
          ...["--volume", `${MONITORING}/rules:/etc/prometheus/rules:ro`],
          ...["--volume", `${import.meta.dirname}/promtool:/cases:ro`],
          images.PROMETHEUS_IMAGE as string,
          ...args,
        ],
        { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
      );
    expect(run("promtool", "test", "rules", "/cases/alerts.yaml")).toContain("SUCCESS");
    expect(
      run("promtool", "check", "config", "--syntax-only", "/bundle/prometheus.yaml"),
    ).toContain("SUCCESS");
    expect(run("amtool", "check-config", "/bundle/alertmanager.yaml")).toContain("SUCCESS");

    const cases = readFileSync(join(import.meta.dirname, "promtool/alerts.yaml"), "utf8");
    const { tests } = parse(cases) as {
      tests: {
        alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[];
        promql_expr_test?: { expr: string }[];
      }[];
    };
    const fired = tests.flatMap(({ alert_rule_test: alerts = [] }) =>
      alerts.flatMap((one) => (one.exp_alerts.length > 0 ? [one.alertname] : [])),
    );
    expect(fired.sort()).toEqual(
      rules()
        .flatMap(({ alert }) => alert ?? [])
        .sort(),
    );
    const asked = tests.flatMap(({ promql_expr_test: queries = [] }) =>
      queries.flatMap(({ expr }) => metricsOf(expr)),
    );
    expect(new Set(asked)).toEqual(new Set(rules().flatMap(({ record }) => record ?? [])));
  });

  test("every metric of a dashboard or a rule is one that a service really exports", async () => {
    const headers = { authorization: `Bearer ${secret("router-token")}` };
    const inputs = [{ name: "x", shape: [1, 2], datatype: "FP64", data: [1, 2] }];
    const answer = await ask<{ outputs: { data: number[] }[] }>("router", "/v2/models/live/infer", {
      ...{ method: "POST", body: JSON.stringify({ inputs }) },
      headers: { ...headers, "content-type": "application/json" },
    });
    expect(answer.outputs[0]?.data).toEqual([5]);
    const submitted = await ask<{ step: string }>("engine", "/jobs", {
      method: "POST",
      headers: {
        authorization: `Bearer ${secret("engine-token")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ step: "check", output: "file:///data/none" }),
    });
    expect(submitted.step).toBe("check");
    useObjectStore();

    const queries = [
      ...panelQueries(),
      ...rules().map(({ record, alert, expr }) => ({
        where: String(record ?? alert),
        expression: expr,
      })),
    ];
    const wanted = new Set(queries.flatMap(({ expression }) => metricsOf(expression)));
    expect(wanted.size).toBeGreaterThan(30);
    const recorded = rules().flatMap(({ record }) => record ?? []);
    const missing = async () => {
      const known = new Set([...(await exported()), ...recorded, "ALERTS"]);
      return [...wanted].filter((name) => !known.has(name));
    };
    await expect.poll(missing, { timeout: 60_000, interval: 2000 }).toEqual([]);
    for (const { where, expression } of queries) {
      await expect(prometheus("query", { query: expression }), where).resolves.toBeDefined();
    }
    // What is recorded comes of it: the request that was just answered.
    const counted = async () =>
      (
        await prometheus<{ result: { metric: { deployment: string } }[] }>("query", {
          query: "breadthflow:inference_requests:rate5m",
        })
      ).result.map(({ metric }) => metric.deployment);
    await expect.poll(counted, { timeout: 60_000, interval: 2000 }).toEqual(["live"]);
  });

  /** The store counts a kind of request from the first one of it. */
  function useObjectStore(): void {
    const script = [
      "from container.object_store import *",
      'make_user("watched", "a-key-for-one-test"); make_bucket("watched")',
      's3 = client("watched", "a-key-for-one-test")',
      's3.put_object(Bucket="watched", Key="a", Body=b"1")',
      's3.get_object(Bucket="watched", Key="a")["Body"].read()',
      "try: s3.create_bucket(Bucket='refused')",
      "except Exception: pass",
    ].join("\n");
    execFileSync(
      "docker",
      [
        ...["run", "--rm", "--network", `${PROJECT}_default`],
        ...["--volume", `${PROJECT}_secrets:/secrets:ro`],
        ...["--env", "AWS_ENDPOINT_URL_S3=http://s3:7070", STEPS_IMAGE, "python", "-c", script],
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
  }

  /** Names of samples, and of families that have none yet, as they would be. */
  async function exported(): Promise<string[]> {
    const names = await prometheus<string[]>("label/__name__/values");
    const families = await prometheus<Record<string, { type: string }[]>>("metadata");
    const parts = Object.entries(families).flatMap(([name, [about]]) =>
      ["histogram", "summary"].includes(about?.type ?? "")
        ? ["_bucket", "_sum", "_count"].map((end) => name + end)
        : [name],
    );
    return [...names, ...parts];
  }

  test("tells Alertmanager of a service that has died, and that it is back", async () => {
    const firing = async () =>
      (
        await ask<{ labels: Record<string, string> }[]>(
          "alertmanager",
          "/api/v2/alerts?active=true",
        )
      ).map(({ labels }) => `${labels.alertname} ${labels.job}`);
    expect(await firing()).toEqual([]);
    await supervisor.stop(["router"]);
    await expect.poll(firing, { timeout: 110_000, interval: 1000 }).toEqual(["TargetDown router"]);
    await supervisor.up({ services: SERVICES });
    await expect.poll(targets, { timeout: 60_000, interval: 1000 }).toMatchObject(UP);
  }, 300_000);

  test("keeps what it measured, what was silenced and its secrets when all is made again", async () => {
    const time = String(Date.now() / 1000);
    const measured = () =>
      prometheus<{ result: { value: [number, string] }[] }>("query", {
        query: 'count(up{job=~"engine|router|postgres|s3"} == 1)',
        time,
      });
    const silence = {
      matchers: [{ name: "job", value: "mail", isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      ...{ createdBy: "test", comment: "It is not part of this." },
    };
    const { silenceID } = await ask<{ silenceID: string }>("alertmanager", "/api/v2/silences", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(silence),
    });
    const before = {
      measured: (await measured()).result[0]?.value[1],
      token: secret("metrics-token"),
    };
    expect(before.measured).toBe("4");
    await supervisor.down();
    await supervisor.up({ services: SERVICES });
    await sleep(1000);
    expect({
      measured: (await measured()).result[0]?.value[1],
      token: secret("metrics-token"),
    }).toEqual(before);
    const silences = await ask<{ id: string }[]>("alertmanager", "/api/v2/silences");
    expect(silences.map(({ id }) => id)).toEqual([silenceID]);
  }, 300_000);
});
