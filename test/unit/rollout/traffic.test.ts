import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { DeploymentId } from "../../../contract/ids.ts";
import { RequestLog } from "../../../main/rollout/request-log.ts";
import { TrafficWatch } from "../../../main/rollout/traffic.ts";

const NOW = Date.parse("2024-05-01T12:00:04Z");
const deployment = DeploymentId.parse("volatility");

function line(id: string, over: { at?: number; status?: number; milliseconds?: number } = {}) {
  const { at = NOW, status = 200, milliseconds = 1 } = over;
  return `${JSON.stringify({
    time: new Date(at).toISOString(),
    correlation_id: id,
    deployment,
    model: "volatility",
    version: "1",
    status,
    milliseconds,
    bytes_in: 10,
    bytes_out: 5,
  })}\n`;
}

let file: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "breadthflow-traffic-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  file = join(folder, "requests.jsonl");
});

describe("the log of requests", () => {
  it("is read as it grows, a line that is half written when it is whole", async () => {
    const log = new RequestLog(file);
    expect(await log.read()).toEqual([]);
    const whole = line("b");
    await writeFile(file, line("a") + whole.slice(0, 20));
    expect((await log.read()).map((one) => one.correlation_id)).toEqual(["a"]);
    await appendFile(file, whole.slice(20));
    expect((await log.read()).map((one) => one.correlation_id)).toEqual(["b"]);
    expect(await log.read()).toEqual([]);
  });

  it("loses nothing when the router begins a new file", async () => {
    const log = new RequestLog(file);
    await writeFile(file, line("a"));
    await log.read();
    await appendFile(file, line("b"));
    await rename(file, `${file}.1`);
    await writeFile(file, line("c"));
    expect((await log.read()).map((one) => one.correlation_id)).toEqual(["b", "c"]);
  });

  it("passes over what is no request", async () => {
    await writeFile(file, `ack"}\n{"time": 1}\n${line("a")}`);
    expect((await new RequestLog(file).read()).map((one) => one.correlation_id)).toEqual(["a"]);
  });
});

describe("traffic", () => {
  it("counts requests and failures, and knows latencies exactly", async () => {
    const times = Array.from({ length: 100 }, (_, at) => at + 1);
    const lines = times.map((milliseconds) => line(`r${milliseconds}`, { milliseconds }));
    const old = line("old", { at: NOW - 3_600_000 });
    await writeFile(file, old + lines.join("") + line("bad", { status: 503, milliseconds: 50 }));
    const stop = new AbortController();
    const watch = new TrafficWatch(file, () => NOW).watch(deployment, stop.signal);
    const { value: traffic } = await watch.next();
    stop.abort();
    await watch.return();
    expect(traffic?.points).toHaveLength(180);
    expect(traffic?.points.at(-1)).toEqual({
      time: Date.parse("2024-05-01T12:00:00Z"),
      requests: 101,
      errors: 1,
      p50: 50,
      p99: 99,
    });
    const others = traffic?.points.slice(0, -1) ?? [];
    expect(others.every(({ requests, p50 }) => requests === 0 && p50 === null)).toBe(true);
    expect(traffic?.last).toHaveLength(100);
    expect(traffic?.last[0]?.correlation_id).toBe("bad");
  });

  it("tells of what comes while somebody looks", async () => {
    await writeFile(file, line("a"));
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const watch = new TrafficWatch(file, () => NOW).watch(deployment, stop.signal);
    expect((await watch.next()).value?.last).toHaveLength(1);
    const next = watch.next();
    await appendFile(file, line("b"));
    expect((await next).value?.last.map((one) => one.correlation_id)).toEqual(["b", "a"]);
  });
});
