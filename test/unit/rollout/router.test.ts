import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RouteTable } from "../../../main/rollout/router/route-table.ts";
import { RouterMetrics } from "../../../main/rollout/router/router-metrics.ts";
import { Router } from "../../../main/rollout/router/server.ts";
import { writeJsonAtomic } from "../../../main/runtime/atomic-file.ts";
import { LineLog } from "../../../main/runtime/log-files.ts";
import { isFree } from "../../../main/runtime/ports.ts";

const TOKEN = "the-client-token";
const CONTROL = "the-control-token";
const METRICS = "the-token-of-who-watches";
const BODY = { inputs: [{ name: "x", shape: [1, 2], datatype: "FP64", data: [1, 2] }] };

let folder: string;
let router: Router;
let url: string;
let upstream: Server;
let sockets: Set<Socket>;
let answer: (request: IncomingMessage, body: string) => Promise<[number, unknown]>;
let requestLog: LineLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "breadthflow-test-"));
  answer = (call, body) =>
    Promise.resolve([200, { path: call.url, id: call.headers["x-correlation-id"], body }]);
  sockets = new Set();
  upstream = createServer(async (call, response) => {
    let body = "";
    for await (const part of call) body += part;
    const [status, value] = await answer(call, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  });
  upstream.on("connection", (socket) => sockets.add(socket));
  await listen(upstream, 0);
  await route(["live"], (upstream.address() as AddressInfo).port);
  const table = new RouteTable(join(folder, "routes.json"));
  await table.load();
  requestLog = new LineLog(join(folder, "requests.jsonl"), ({ error }) => {
    throw error;
  });
  router = new Router({
    table,
    metrics: new RouterMetrics(),
    requestLog,
    token: TOKEN,
    controlToken: CONTROL,
    metricsToken: METRICS,
    names: ["router"],
    maxBodyBytes: 10_000,
  });
  const port = await freePort();
  await router.listen(port);
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  upstream.closeAllConnections();
  upstream.close();
  await router.close();
  rmSync(folder, { recursive: true, force: true });
});

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve()));

async function freePort(): Promise<number> {
  let port = 31_000;
  while (!(await isFree(port))) port += 1;
  return port;
}

const route = (deployments: string[], port: number, timeout_ms = 300): Promise<void> =>
  writeJsonAtomic(join(folder, "routes.json"), {
    routes: deployments.map((deployment) => ({
      deployment,
      model: "vol model",
      version: "3",
      port,
      timeout_ms,
    })),
  });

interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came back is looked into by tests.
  body: any;
}

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
  const response = await fetch(`${url}${path}`, { ...init, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && tryJson(text) };
}

const tryJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const infer = (body: unknown = BODY, headers: Record<string, string> = {}): Promise<Answer> =>
  call("/v2/models/live/infer", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("routing", () => {
  test("a deployment's requests go to its model's version, body and correlation id unchanged", async () => {
    const { status, headers, body } = await infer(BODY, { "x-correlation-id": "click-1" });
    expect([status, headers.get("x-correlation-id")]).toEqual([200, "click-1"]);
    expect(body).toEqual({
      path: "/v2/models/vol%20model/versions/3/infer",
      id: "click-1",
      body: JSON.stringify(BODY),
    });
  });

  test("a request without an id is given one", async () => {
    const { headers, body } = await infer(BODY, { "x-correlation-id": "not an id" });
    expect(headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.id).toBe(headers.get("x-correlation-id"));
  });

  test("metadata and readiness are the model server's, by version too", async () => {
    expect((await call("/v2/models/live")).body.path).toBe("/v2/models/vol%20model/versions/3");
    const ready = await call("/v2/models/live/versions/3/ready");
    expect(ready.body.path).toBe("/v2/models/vol%20model/versions/3/ready");
    expect((await call("/v2/models/live/versions/2/ready")).body).toMatchObject({
      code: "deployment.unknown",
      hint: "It serves version 3.",
    });
  });

  test("health needs no token", async () => {
    for (const path of ["/v2/health/live", "/v2/health/ready"]) {
      expect((await fetch(`${url}${path}`)).status).toBe(200);
    }
  });

  test("new routes hold from the next request on; control has a token of its own", async () => {
    expect((await call("/v2/models/fresh")).status).toBe(404);
    await route(["live", "fresh"], (upstream.address() as AddressInfo).port);
    expect((await call("/control/reload", { method: "POST" })).status).toBe(401);
    const headers = { authorization: `Bearer ${CONTROL}` };
    const reload = await call("/control/reload", { method: "POST", headers });
    expect(reload.body).toEqual({ deployments: ["live", "fresh"] });
    expect((await call("/v2/models/fresh")).status).toBe(200);
  });
});

describe("refusals", () => {
  test.each<[string, Record<string, string>]>([
    ["no token", {}],
    ["a wrong token", { authorization: "Bearer wrong" }],
    ["another scheme", { authorization: `Basic ${TOKEN}` }],
  ])("%s is answered with 401", async (_, headers) => {
    const response = await fetch(`${url}/v2/models/live`, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "router.unauthorised", status: 401 });
  });

  test.each([
    ["attacker.example", 403],
    ["router.attacker.example", 403],
    ["router:8080", 200],
  ])(
    "of the names, only loopback's and its container's are its own: %s",
    async (host, expected) => {
      const status = await new Promise((resolve) => {
        const headers = { host, authorization: `Bearer ${TOKEN}` };
        request(`${url}/v2/models/live`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
      expect(status).toBe(expected);
    },
  );

  const tensor = BODY.inputs[0];
  test.each([
    ["{", "body"],
    [[], "body"],
    [{}, "inputs"],
    [{ inputs: [] }, "inputs"],
    [{ id: 1, inputs: [tensor] }, "id"],
    [{ inputs: [tensor, 5] }, "inputs[1]"],
    [{ inputs: [{ ...tensor, name: "" }] }, "inputs[0].name"],
    [{ inputs: [{ ...tensor, datatype: "FLOAT" }] }, "inputs[0].datatype"],
    [{ inputs: [{ ...tensor, shape: [1, -2] }] }, "inputs[0].shape"],
    [{ inputs: [{ ...tensor, data: "1,2" }] }, "inputs[0].data"],
    [{ inputs: [{ ...tensor, data: [1] }] }, "inputs[0].data"],
    [{ inputs: [{ ...tensor, data: [1, "2"] }] }, "inputs[0].data[1]"],
    [{ inputs: [{ ...tensor, data: [[1, true]] }] }, "inputs[0].data[0][1]"],
  ])("%j names the field %s", async (body, field) => {
    const refused = await infer(body);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: "inference.bad_request", where: { field } });
    expect(refused.body.error).toContain(field);
  });

  test("nested data and missing values are understood", async () => {
    expect((await infer({ inputs: [{ ...tensor, data: [[1, null]] }] })).status).toBe(200);
  });

  test("a body that is too long, of another type or compressed is refused", async () => {
    expect((await infer("x".repeat(10_001))).status).toBe(413);
    expect((await infer(BODY, { "content-type": "text/plain" })).status).toBe(415);
    expect((await infer(BODY, { "content-encoding": "gzip" })).status).toBe(415);
    expect((await call("/v2/models/live/infer")).status).toBe(405);
    expect((await call("/v2/models/%ZZ")).status).toBe(404);
    expect((await call("/elsewhere")).status).toBe(404);
  });

  test("a body that is too long without saying so is cut off", async () => {
    const status = await new Promise((resolve) => {
      const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
      const sent = request(`${url}/v2/models/live/infer`, { method: "POST", headers }, (response) =>
        resolve(response.statusCode),
      );
      sent.on("error", () => undefined);
      for (let part = 0; part < 20; part += 1) sent.write(" ".repeat(1000));
    });
    expect(status).toBe(413);
  });
});

describe("when the model server fails", () => {
  test("its refusal is passed on in words", async () => {
    answer = () => Promise.resolve([400, { error: "column adv_21 is missing" }]);
    expect(await infer()).toMatchObject({
      status: 400,
      body: { code: "inference.refused", detail: "column adv_21 is missing" },
    });
    answer = () => Promise.resolve([500, { error: "division by zero" }]);
    expect(await infer()).toMatchObject({ status: 502, body: { code: "inference.failed" } });
  });

  test("one that takes too long is left", async () => {
    answer = () => new Promise((resolve) => setTimeout(() => resolve([200, {}]), 600));
    expect(await infer()).toMatchObject({ status: 504, body: { code: "deployment.timeout" } });
  });

  test("a kept connection that has died is tried once more, unseen by the client", async () => {
    expect((await infer()).status).toBe(200);
    let calls = 0;
    answer = async (call, body) => {
      calls += 1;
      if (calls === 1) call.socket.destroy();
      return await Promise.resolve([200, body]);
    };
    expect((await infer()).status).toBe(200);
    expect(calls).toBe(2);
    expect((await call("/metrics")).body).toContain(
      'breadthflow_router_retries_total{deployment="live"} 1',
    );
  });

  test("one that is gone gives 503 with a hint, and is back as soon as it answers", async () => {
    const { port } = upstream.address() as AddressInfo;
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
    const gone = await infer();
    expect(gone.status).toBe(503);
    expect(gone.headers.get("retry-after")).toBe("2");
    expect(gone.body).toMatchObject({ code: "deployment.unavailable" });
    expect(gone.body.hint).toContain("started again by itself");
    await listen(upstream, port);
    expect((await infer()).status).toBe(200);
  });
});

describe("what it leaves", () => {
  test("a line for each request, refused ones too", async () => {
    await infer(BODY, { "x-correlation-id": "first" });
    await infer({}, { "x-correlation-id": "second" });
    await requestLog.flush();
    const lines = readFileSync(join(folder, "requests.jsonl"), "utf8").trim().split("\n");
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      correlation_id: "first",
      deployment: "live",
      model: "vol model",
      version: "3",
      status: 200,
      bytes_in: JSON.stringify(BODY).length,
    });
    expect(second).toMatchObject({ status: 400, code: "inference.bad_request" });
  });

  test("counts and times by deployment, for those only that exist", async () => {
    await infer();
    await infer({});
    await call("/v2/models/invented/infer", { method: "POST", body: "{}" });
    const { body, headers } = await call("/metrics");
    expect(headers.get("content-type")).toContain("text/plain");
    expect(body).toContain('breadthflow_router_requests_total{deployment="live",status="200"} 1');
    expect(body).toContain('breadthflow_router_requests_total{deployment="live",status="400"} 1');
    expect(body).toContain('breadthflow_router_request_seconds_count{deployment="live"} 2');
    expect(body).toContain("breadthflow_router_requests_in_flight 0");
    expect(body).not.toContain("invented");
  });

  test("who watches has a token for the metrics, and for nothing else", async () => {
    const headers = { authorization: `Bearer ${METRICS}` };
    expect((await call("/metrics", { headers })).status).toBe(200);
    expect((await call("/metrics", { headers: { authorization: "Bearer wrong" } })).status).toBe(
      401,
    );
    expect((await call("/v2/models/live", { headers })).status).toBe(401);
    expect((await call("/control/reload", { method: "POST", headers })).status).toBe(401);
  });
});
