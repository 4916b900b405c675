import { Agent, request } from "node:http";
import type { Route } from "../routes.ts";
import { Refusal } from "./problems.ts";

export interface Upstream {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

export interface Call {
  readonly route: Route;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body: Buffer | undefined;
  readonly correlationId: string;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

const CONNECT_ERRORS = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ECONNABORTED"]);

/** Calls to the model servers, over connections that are kept. */
export class ModelServers {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 128 });
  readonly #onRetry: (deployment: string) => void;

  constructor(onRetry: (deployment: string) => void) {
    this.#onRetry = onRetry;
  }

  /**
   * The model server's answer. A connection that fails before any answer is tried once more:
   * inference changes nothing, so that asking twice is safe.
   */
  async call(call: Call): Promise<Upstream> {
    try {
      return await this.#once(call);
    } catch (error) {
      if (!isConnectError(error) || call.signal.aborted) throw asRefusal(error, call);
      this.#onRetry(call.route.deployment);
      return await this.#once(call).catch((again: unknown) => {
        throw asRefusal(again, call);
      });
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once(call: Call): Promise<Upstream> {
    const { route, body, signal } = call;
    return new Promise((resolve, reject) => {
      const attempt = request(
        {
          host: route.host,
          port: route.port,
          path: call.path,
          method: call.method,
          agent: this.#agent,
          headers: {
            accept: "application/json",
            "x-correlation-id": call.correlationId,
            ...(body && { "content-type": "application/json", "content-length": body.length }),
          },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.once("error", fail);
          response.once("end", () => {
            settle();
            resolve({
              status: response.statusCode ?? 502,
              contentType: response.headers["content-type"] ?? "application/json",
              body: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts),
            });
          });
        },
      );
      const timer = setTimeout(() => attempt.destroy(new TimedOut()), route.timeout_ms);
      const leave = (): void => void attempt.destroy(new Error("the client has gone"));
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
      };
      const fail = (error: Error): void => {
        settle();
        reject(error);
      };
      signal.addEventListener("abort", leave, { once: true });
      attempt.once("error", fail);
      attempt.end(body);
    });
  }
}

class TimedOut extends Error {}

function isConnectError(error: unknown): boolean {
  return CONNECT_ERRORS.has((error as NodeJS.ErrnoException).code ?? "");
}

function asRefusal(error: unknown, call: Call): Refusal {
  const { deployment, model, version, timeout_ms } = call.route;
  const where = { deployment, model, version };
  if (error instanceof TimedOut) {
    return new Refusal(504, {
      code: "deployment.timeout",
      detail: `${deployment} did not answer within ${timeout_ms / 1000} s.`,
      hint: "Send fewer rows at once, or look at the deployment's log.",
      where,
    });
  }
  return new Refusal(
    503,
    {
      code: "deployment.unavailable",
      detail: `The model server of ${deployment} does not answer (${(error as Error).message}).`,
      hint: "It is started again by itself: try again in a few seconds.",
      where,
    },
    { "retry-after": "2" },
  );
}
