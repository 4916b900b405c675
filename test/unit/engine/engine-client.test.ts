import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../../contract/problem.ts";
import { problemOf, WorkbenchError } from "../../../contract/problem.ts";
import type { StepEvent } from "../../../contract/step.ts";
import { EngineClient } from "../../../main/engine/engine-client.ts";
import type { StepRequest } from "../../../main/engine/generated/index.ts";
import type { NumberedJobEvent } from "../../../main/engine/wire.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { startTrialEngine, TOKEN, type TrialEngine } from "./trial-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "engine-client-"));
let engine: TrialEngine;
let outputs = 0;

beforeAll(async () => {
  engine = await startTrialEngine();
});
afterAll(async () => {
  await engine.kill();
  rmSync(folder, { recursive: true, force: true });
});

function clientAt(address: string, options: { token?: string; retryMs?: number[] } = {}) {
  const { token = TOKEN, retryMs } = options;
  return new EngineClient({ address: async () => address, token, ...(retryMs ? { retryMs } : {}) });
}

function request(step: string, params: Record<string, unknown> = {}): StepRequest {
  outputs += 1;
  const output = pathToFileURL(join(folder, String(outputs))).href;
  return { step, params, key: "a".repeat(64), output };
}

async function problemFrom(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => expect.fail("it did not fail"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkbenchError);
  return problemOf(error);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the engine's client", () => {
  it("does a step, tells its events and returns what stands on the disk", async () => {
    const wanted = request("write", { text: "bars" });
    const events: StepEvent[] = [];
    const manifest = await clientAt(engine.address).runStep(wanted, {
      onEvent: (event) => events.push(event),
    });
    expect(events.map((event) => event.kind === "metric" && event.value)).toEqual([1, 2, 3, 4, 5]);
    const file = join(folder, String(outputs), "manifest.json");
    expect(manifest).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  it("knows the product's steps and their code versions", async () => {
    const { steps } = await clientAt(engine.address).capabilities();
    expect(steps.map(({ name }) => name)).toEqual(
      "ingest check features select train backtest judge register".split(" "),
    );
    for (const { code } of steps) expect(code).toMatch(/^[0-9a-f]{64}$/);
  });

  it("turns the step's failure into its problem", async () => {
    const problem = await problemFrom(clientAt(engine.address).runStep(request("refuse")));
    expect(problem).toEqual({
      code: "trial.refused",
      detail: "It was refused.",
      hint: "Ask for something else.",
      where: { field: "text" },
    });
  });

  it("turns a refused request into its problem", async () => {
    const problem = await problemFrom(clientAt(engine.address).runStep(request("fly")));
    expect(problem.code).toBe("step.unknown");
  });

  it("tells a wrong token from an engine that is not there", async () => {
    const wrong = clientAt(engine.address, { token: "wrong" });
    expect((await problemFrom(wrong.capabilities())).code).toBe("request.wrong_token");
    const nobody = clientAt("http://127.0.0.1:1", { retryMs: [1, 1] });
    expect((await problemFrom(nobody.capabilities())).code).toBe("engine.unreachable");
  });

  it("names another program that has the engine's port", async () => {
    const stranger = createServer((_, response) => response.writeHead(500).end("<h1>Hello</h1>"));
    stranger.listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const address = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    const problem = await problemFrom(clientAt(address).capabilities());
    stranger.close();
    expect(problem.code).toBe("engine.bad_answer");
    expect(problem.detail).toContain("<h1>Hello</h1>");
  });

  it("cancels the job when its signal is aborted, and rejects once it has ended", async () => {
    const abort = new AbortController();
    let worker = 0;
    const step = clientAt(engine.address).runStep(request("sleep"), {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind !== "metric" || event.name !== "pid") return;
        worker = event.value;
        abort.abort();
      },
    });
    expect((await problemFrom(step)).code).toBe("job.cancelled");
    expect(worker).toBeGreaterThan(0);
    expect(isAlive(worker)).toBe(false);
  });

  it("does not begin what was aborted before", async () => {
    const signal = AbortSignal.abort();
    const problem = await problemFrom(
      clientAt(engine.address).runStep(request("write"), { signal }),
    );
    expect(problem.code).toBe("job.cancelled");
  });

  it("takes events up where the connection broke, none twice and none left out", async () => {
    const direct = clientAt(engine.address);
    const job = await direct.submit(request("write"));
    const whole: NumberedJobEvent[] = [];
    for await (const event of direct.events(job.id)) whole.push(event);

    const proxy = await startCuttingProxy(engine.address, { bytes: 600, times: 3 });
    const seen: NumberedJobEvent[] = [];
    for await (const event of clientAt(proxy.address).events(job.id)) seen.push(event);
    await proxy.close();

    expect(proxy.cuts()).toBe(3);
    expect(seen).toEqual(whole);
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_, index) => index + 1));
  });

  it("submits a step again that a killed engine took with it", async () => {
    const mortal = await startTrialEngine();
    let heir: TrialEngine | undefined;
    const client = new EngineClient({
      address: async () => (heir ?? mortal).address,
      token: TOKEN,
      retryMs: Array.from({ length: 100 }, () => 50),
    });
    let starts = 0;
    const step = client.runStep(request("sleep", { seconds: 1 }), {
      onEvent: (event) => {
        if (event.kind !== "metric" || event.name !== "pid") return;
        starts += 1;
        if (starts === 1) void mortal.kill();
      },
    });
    await once(mortal.process, "exit");
    heir = await startTrialEngine();
    const manifest = await step;
    await heir.kill();
    expect(starts).toBe(2);
    expect(manifest.kind).toBe("text");
  });

  it("has a worker started ahead of time", async () => {
    const { environment } = await clientAt(engine.address).warm();
    expect(environment).toBe("core");
  });
});
