/**
 * Deploys a model of 300 LightGBM trees to a real stack, then asks it 2,000 times at one client:
 * straight at the model server, through the router, and at a server that does nothing, in turns, so
 * that whatever else the machine does meets all three. What `bare` takes is the machine's and the
 * client's, not ours.
 *
 * Prints one JSON document: seconds, milliseconds. Exits with 1 if a number misses its target.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeploymentId } from "../../contract/ids.ts";
import { SmokeExample } from "../../main/rollout/smoke.ts";
import { LocalStack, TOKEN } from "../unit/rollout/local-stack.ts";

const REQUESTS = 2000;
const BLOCK = 100;
const TARGETS = { ready_seconds: 5, infer_ms_p99: 5, failed: 0 };

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const stack = new LocalStack({ runtime: "workbench" });
const files = modelFiles();
const example = SmokeExample.parse(JSON.parse(files["example.json"] as string));
const body = JSON.stringify(example.request);
const expected = example.response.outputs[0]?.data as number[];

/** Files of a model, written by the engine's own code, as paths and texts. */
function modelFiles(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "breadthflow-bench-"));
  try {
    const { environments } = stack;
    const made = spawnSync(
      environments.python("core"),
      [join(import.meta.dirname, "model_folder.py"), folder],
      { stdio: "inherit", env: { ...process.env, PYTHONPATH: environments.enginePackage } },
    );
    if (made.status !== 0) throw new Error(`the model could not be made: ${made.error ?? ""}`);
    const names = readdirSync(folder, { recursive: true }) as string[];
    return Object.fromEntries(
      names
        .filter((name) => statSync(join(folder, name)).isFile())
        .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(folder, name), "utf8")]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads a request to its end and answers as the model does, in the same process as the client. */
const bare = createServer((asked, response) => {
  asked.resume().on("end", () => response.end(JSON.stringify(example.response)));
});

interface Sample {
  readonly milliseconds: number;
  readonly right: boolean;
}

function ask(url: string): Promise<Sample> {
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (right: boolean): void =>
      resolve({ milliseconds: performance.now() - began, right });
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const call = request(`${url}/infer`, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => end(response.statusCode === 200 && isRight(text)));
    });
    call.on("error", () => end(false));
    call.end(body);
  });
}

function isRight(text: string): boolean {
  const data = (JSON.parse(text) as { outputs: { data: number[] }[] }).outputs[0]?.data ?? [];
  return expected.every((value, row) => Math.abs((data[row] ?? Number.NaN) - value) <= 1e-9);
}

function summary(samples: readonly Sample[]) {
  const sorted = samples.map((sample) => sample.milliseconds).sort((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    requests: samples.length,
    failed: samples.filter((sample) => !sample.right).length,
    ms_p50: quantile(0.5),
    ms_p99: quantile(0.99),
    ms_max: quantile(1),
  };
}

try {
  const version = await stack.register("vol", files);
  const deployment = DeploymentId.parse("vol");
  const deploySeconds: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await stack.rollout.unload(deployment);
    const loaded = await stack.rollout.load({ deployment, model: "vol", version });
    deploySeconds.push(loaded.ready_seconds);
  }
  const routedUrl = stack.rollout.status(deployment)?.endpoint as string;
  const { ports } = stack.services.statusOf(`model-vol-${version}`);
  const directUrl = `http://127.0.0.1:${ports.http}/v2/models/vol`;

  await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
  const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}`;

  const nothing: Sample[] = [];
  const direct: Sample[] = [];
  const routed: Sample[] = [];
  // The first requests warm both interpreters up.
  for (let index = 0; index < BLOCK; index += 1) await ask(routedUrl);
  while (routed.length < REQUESTS) {
    for (let index = 0; index < BLOCK; index += 1) nothing.push(await ask(bareUrl));
    for (let index = 0; index < BLOCK; index += 1) direct.push(await ask(directUrl));
    for (let index = 0; index < BLOCK; index += 1) routed.push(await ask(routedUrl));
  }

  const result = {
    bench: "deploy",
    ready_seconds: deploySeconds[0] as number,
    ready_seconds_again: Math.min(...deploySeconds.slice(1)),
    bare: summary(nothing),
    direct: summary(direct),
    routed: summary(routed),
  };
  const passed =
    result.ready_seconds < TARGETS.ready_seconds &&
    result.routed.ms_p99 < TARGETS.infer_ms_p99 &&
    result.routed.failed === TARGETS.failed;
  console.log(JSON.stringify({ ...result, targets: TARGETS, passed }, null, 2));
  process.exitCode = passed ? 0 : 1;
} finally {
  agent.destroy();
  bare.close();
  await stack.end();
}
