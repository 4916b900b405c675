import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { LineLog } from "../../runtime/log-files.ts";
import type { Route } from "../routes.ts";
import { BearerToken, checkHost } from "./access.ts";
import { checkInferBody } from "./infer-body.ts";
import { ModelServers, type Upstream } from "./model-servers.ts";
import { Refusal, sendRefusal } from "./problems.ts";
import type { RouteTable } from "./route-table.ts";
import type { RouterMetrics } from "./router-metrics.ts";

export interface RouterOptions {
  readonly table: RouteTable;
  readonly metrics: RouterMetrics;
  readonly requestLog: LineLog;
  readonly token: string;
  readonly controlToken: string;
  /** Opens the metrics and nothing else, for who watches. */
  readonly metricsToken?: string | undefined;
  /** Names under which a container's neighbours reach it. */
  readonly names?: readonly string[];
  readonly maxBodyBytes: number;
}

const MODEL_PATH = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;
const CORRELATION_ID = /^[\w.:-]{1,128}$/;

/** The Open Inference Protocol v2 over HTTP, in front of the model servers. */
export class Router {
  readonly #options: RouterOptions;
  readonly #clients: BearerToken;
  readonly #control: BearerToken;
  readonly #watchers: BearerToken | undefined;
  readonly #modelServers: ModelServers;
  readonly #server: Server;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#clients = new BearerToken(options.token);
    this.#control = new BearerToken(options.controlToken);
    this.#watchers = options.metricsToken ? new BearerToken(options.metricsToken) : undefined;
    this.#modelServers = new ModelServers((deployment) => options.metrics.retried(deployment));
    this.#server = createServer(
      { noDelay: true, keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 30_000 },
      (request, response) => void this.#handle(request, response),
    );
  }

  listen(port: number, host = "127.0.0.1"): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => resolve());
    });
  }

  /** Lets requests under way finish, then ends. */
  async close(): Promise<void> {
    this.#server.closeIdleConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#modelServers.close();
    await this.#options.requestLog.flush();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const correlationId = correlationIdOf(request);
    response.setHeader("x-correlation-id", correlationId);
    try {
      checkHost(request, this.#options.names);
      await this.#dispatch(request, response, correlationId);
    } catch (error) {
      if (response.headersSent || response.destroyed) return void response.destroy();
      sendRefusal(response, asRefusal(error));
    }
  }

  async #dispatch(
    request: IncomingMessage,
    response: ServerResponse,
    correlationId: string,
  ): Promise<void> {
    const path = (request.url ?? "/").split("?", 1)[0] as string;
    // Health tells nothing about what is served, and is what supervisors ask.
    if (path === "/v2/health/live") return sendJson(response, 200, { live: true });
    if (path === "/v2/health/ready") return sendJson(response, 200, { ready: true });
    if (path === "/control/reload") {
      requireMethod(request, "POST");
      this.#control.check(request);
      await this.#options.table.load();
      return sendJson(response, 200, { deployments: this.#options.table.deployments });
    }
    const isMetrics = path === "/metrics";
    if (!(isMetrics && this.#watchers?.accepts(request))) this.#clients.check(request);
    if (isMetrics) {
      requireMethod(request, "GET");
      const text = await this.#options.metrics.text();
      response.writeHead(200, { "content-type": this.#options.metrics.contentType }).end(text);
      return;
    }
    if (path === "/v2") {
      return sendJson(response, 200, { name: "breadthflow-router", version: "2", extensions: [] });
    }
    const [matched, deployment, version, action] = MODEL_PATH.exec(path) ?? [];
    if (matched === undefined || deployment === undefined) throw notFound(path);
    const route = this.#options.table.find(decode(deployment), version && decode(version));
    if (action === "infer") return this.#infer(request, response, route, correlationId);
    requireMethod(request, "GET");
    send(response, await this.#forward(response, route, action, correlationId));
  }

  async #infer(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    correlationId: string,
  ): Promise<void> {
    requireMethod(request, "POST");
    const { metrics, requestLog } = this.#options;
    const began = performance.now();
    metrics.began();
    let status = 499;
    let bytesIn = 0;
    let bytesOut = 0;
    let code: string | undefined;
    try {
      requireJson(request);
      const body = await readBody(request, this.#options.maxBodyBytes);
      bytesIn = body.length;
      checkInferBody(body);
      const answer = await this.#forward(response, route, "infer", correlationId, body);
      status = answer.status;
      bytesOut = answer.body.length;
      send(response, answer);
    } catch (error) {
      const refusal = asRefusal(error);
      code = refusal.problem.code;
      if (response.destroyed) return;
      status = refusal.status;
      bytesOut = sendRefusal(response, refusal);
      // What is left of a body that was too long would be taken for the next request.
      if (!request.complete) request.destroy();
    } finally {
      const milliseconds = performance.now() - began;
      metrics.ended(route.deployment, status, milliseconds / 1000);
      requestLog.write(
        JSON.stringify({
          time: new Date().toISOString(),
          correlation_id: correlationId,
          deployment: route.deployment,
          model: route.model,
          version: route.version,
          status,
          milliseconds: Math.round(milliseconds * 1000) / 1000,
          bytes_in: bytesIn,
          bytes_out: bytesOut,
          ...(code && { code }),
        }),
      );
    }
  }

  async #forward(
    response: ServerResponse,
    route: Route,
    action: string | undefined,
    correlationId: string,
    body?: Buffer,
  ): Promise<Upstream> {
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    response.once("close", leave);
    try {
      const model = encodeURIComponent(route.model);
      const version = encodeURIComponent(route.version);
      const answer = await this.#modelServers.call({
        route,
        method: body ? "POST" : "GET",
        path: `/v2/models/${model}/versions/${version}${action ? `/${action}` : ""}`,
        body,
        correlationId,
        signal: gone.signal,
      });
      if (answer.status >= 400) throw refusedByModel(answer, route.deployment);
      return answer;
    } finally {
      response.off("close", leave);
    }
  }
}

/** MLServer says what is wrong in `error`, FastAPI in `detail`. */
function refusedByModel(answer: Upstream, deployment: string): Refusal {
  let detail = `The model server answered with status ${answer.status}.`;
  try {
    const said = JSON.parse(answer.body.toString("utf8")) as { error?: unknown; detail?: unknown };
    const words = said.error ?? said.detail;
    if (words !== undefined) detail = typeof words === "string" ? words : JSON.stringify(words);
  } catch {
    // Not JSON: the status is all that can be told.
  }
  const client = answer.status < 500;
  return new Refusal(client ? answer.status : 502, {
    code: client ? "inference.refused" : "inference.failed",
    detail,
    hint: client
      ? "Compare with the deployment's stored example: inputs, names, shapes and datatypes."
      : "The deployment's log says more.",
    where: { deployment },
  });
}

function tooLong(maxBytes: number): Refusal {
  return new Refusal(413, {
    code: "inference.body_too_long",
    detail: `The request is longer than ${maxBytes} bytes.`,
    hint: "Send fewer rows at once.",
    where: { max_bytes: maxBytes },
  });
}

function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) {
    return Promise.reject(tooLong(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on("data", (part: Buffer) => {
      length += part.length;
      if (length > maxBytes) {
        request.pause();
        reject(tooLong(maxBytes));
      } else parts.push(part);
    });
    request.once("end", () => resolve(Buffer.concat(parts, length)));
    request.once("error", reject);
  });
}

function requireJson(request: IncomingMessage): void {
  const type = (request.headers["content-type"] ?? "application/json").split(";", 1)[0]?.trim();
  if (type === "application/json" && request.headers["content-encoding"] === undefined) return;
  throw new Refusal(415, {
    code: "inference.unsupported_media_type",
    detail: "Only plain JSON bodies are understood, without compression or binary tensors.",
    hint: "Send `Content-Type: application/json` and no `Content-Encoding`.",
    where: { header: type === "application/json" ? "content-encoding" : "content-type" },
  });
}

function requireMethod(request: IncomingMessage, method: "GET" | "POST"): void {
  if (request.method === method) return;
  throw new Refusal(
    405,
    {
      code: "router.method_not_allowed",
      detail: `${request.method} is not allowed here.`,
      hint: `Use ${method}.`,
    },
    { allow: method },
  );
}

function notFound(path: string): Refusal {
  return new Refusal(404, {
    code: "router.unknown_path",
    detail: `There is nothing at ${path}.`,
    hint: "Models are at /v2/models/DEPLOYMENT, and answer at /v2/models/DEPLOYMENT/infer.",
    where: { path },
  });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notFound(part);
  }
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(500, {
    code: "router.unexpected",
    detail: error instanceof Error ? error.message : String(error),
    hint: "This is a defect of the router. Its log is with the other services' logs.",
  });
}

/** The client's own id where it sent a sane one, so that it can find its request in the logs. */
function correlationIdOf(request: IncomingMessage): string {
  const given = request.headers["x-correlation-id"];
  return typeof given === "string" && CORRELATION_ID.test(given) ? given : randomUUID();
}

function send(response: ServerResponse, answer: Upstream): void {
  response.writeHead(answer.status, {
    "content-type": answer.contentType,
    "content-length": answer.body.length,
  });
  response.end(answer.body);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  send(response, { status, contentType: "application/json", body });
}
