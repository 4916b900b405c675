import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";
import type { InferRequest } from "../../../contract/deployment.ts";

export type Access = { endpoint: string; token: string; example: InferRequest };
export type Latency = {
  requests: number;
  failed: number;
  infer_ms_p50: number;
  infer_ms_p99: number;
};

/** Asked before the measurement: a client's own first requests are slow, whoever answers. */
const WARM_UP_REQUESTS = 100;

/** Asks an endpoint `requests` times, one after another over one kept connection. Milliseconds. */
export async function measureLatency(access: Access, requests: number): Promise<Latency> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = JSON.stringify(access.example);
  const times: number[] = [];
  let failed = 0;
  try {
    for (let index = -WARM_UP_REQUESTS; index < requests; index++) {
      const start = performance.now();
      const status = await ask(agent, access, body).catch(() => 0);
      if (index >= 0) times.push(performance.now() - start);
      if (status !== 200) failed += 1;
    }
  } finally {
    agent.destroy();
  }
  times.sort((left, right) => left - right);
  const quantile = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN;
  return { requests, failed, infer_ms_p50: quantile(0.5), infer_ms_p99: quantile(0.99) };
}

function ask(agent: Agent, { endpoint, token }: Access, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(
      endpoint,
      {
        agent,
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        response.on("error", reject);
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.resume();
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
