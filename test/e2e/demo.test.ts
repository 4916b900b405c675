import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deployment } from "../../contract/deployment.ts";
import type { RunResult } from "../../contract/run.ts";
import type { Latency } from "../../main/shells/cli/latency.ts";
import { CommandLine } from "./command-line.ts";

type Demo = {
  runs: [RunResult, RunResult];
  deployment: Deployment & Latency & { endpoint: string };
  seconds: number;
};

describe("the demo, on the prices that ship", () => {
  let cli: CommandLine;
  let demo: Demo;

  beforeAll(async () => {
    cli = await CommandLine.inNewWorkspace();
    demo = await cli.json<Demo>("demo");
  }, 900_000);
  afterAll(() => cli.remove());

  it("comes to deploy for the one idea, and to reject for the other, and says why", () => {
    const [volatility, reversal] = demo.runs;
    expect(volatility).toMatchObject({ idea: "volatility", state: "done", verdict: "deploy" });
    expect(reversal).toMatchObject({ idea: "reversal", state: "done", verdict: "reject" });
    expect(volatility.data).toMatchObject({ rows: 619_040, symbols: 505 });
    expect(volatility.metrics?.rank_ic).toBeGreaterThan(volatility.metrics?.baseline_rank_ic ?? 1);
    expect(volatility.metrics?.folds_ahead).toBe(volatility.metrics?.folds);
    expect(Math.abs(reversal.metrics?.rank_ic ?? 1)).toBeLessThan(0.02);
    expect(reversal.gates.some(({ passed }) => passed === false)).toBe(true);
    expect(reversal.summary).toBeTruthy();
  });

  it("serves the model that stands: every request was answered", () => {
    const { deployment, runs } = demo;
    expect(deployment).toMatchObject({ run: runs[0].run, state: "live", failed: 0 });
    expect(deployment.requests).toBe(2000);
    expect(deployment.ready_seconds).toBeGreaterThan(0);
    expect(deployment.infer_ms_p50).toBeGreaterThan(0);
    expect(deployment.infer_ms_p99).toBeGreaterThanOrEqual(deployment.infer_ms_p50);
    expect(demo.seconds).toBeGreaterThan(0);
  });

  it("leaves a report of each run that opens offline, and nothing running", async () => {
    for (const { report } of demo.runs) {
      const html = await readFile(report as string, "utf8");
      expect(html).not.toMatch(/<(?:script|link|img)[^>]*(?:src|href)="http/);
    }
    expect((await cli.json<{ services: [] }>("doctor")).services).toEqual([]);
    await expect(fetch(demo.deployment.endpoint)).rejects.toThrow();
  });

  it("finds every step in the cache the second time", async () => {
    const again = await cli.json<Demo>("demo");
    for (const [at, run] of again.runs.entries()) {
      expect(run.steps.map(({ cached }) => cached)).toEqual(Array(8).fill(true));
      expect(run.metrics).toEqual(demo.runs[at]?.metrics);
      expect(run.gates).toEqual(demo.runs[at]?.gates);
    }
    expect(again.deployment).toMatchObject({ state: "live", failed: 0 });
  });
});
