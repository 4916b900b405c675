import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { RunId } from "../../../contract/ids.ts";
import { problemOf } from "../../../contract/problem.ts";
import type { RunResult, Verdict } from "../../../contract/run.ts";
import { openProjectIndex } from "../../../main/project-index/project-index.ts";
import { Deployments } from "../../../main/rollout/deployments.ts";
import { idea } from "../pipeline/opened.ts";
import { reportInput } from "../report/fixture.ts";

const RUN = RunId.parse("r-0123456789");
const REASON = "The desk wants to see it fail live.";

/** A run with that verdict, and what would serve it; `failing` says that serving does not work. */
function judged(verdict: Verdict, failing = false) {
  const root = mkdtempSync(join(tmpdir(), "breadthflow-verdict-"));
  const index = openProjectIndex({ file: join(root, "index.db"), backups: join(root, "backups") });
  onTestFinished(() => {
    index.close();
    rmSync(root, { recursive: true, force: true });
  });
  index.runs.begin(RUN, idea(), null, new Date());
  const result: RunResult = { ...reportInput().result, verdict };
  const tags: string[][] = [];
  const deployments = new Deployments({
    records: index.deployments,
    rollout: {
      load: (request) =>
        failing
          ? Promise.reject(new Error("no memory is left"))
          : Promise.resolve({ ...request, endpoint: "http://127.0.0.1:1/v2", ready_seconds: 1 }),
      unload: () => Promise.resolve(),
      restore: () => Promise.resolve([]),
      promote: () => Promise.resolve(),
      status: () => undefined,
      example: () => expect.fail("nobody asks"),
      infer: () => expect.fail("nobody asks"),
    },
    registry: {
      setTag: (...tag) => {
        tags.push(tag);
        return Promise.resolve();
      },
      wake: () => Promise.resolve(),
    },
    resultOf: () => Promise.resolve(result),
    tell: (run, event) => index.events.append(run, event, new Date()),
    featuresOf: () => [],
    token: "secret",
    log: pino({ level: "silent" }),
  });
  return { deployments, index, tags };
}

const refusal = async (work: Promise<unknown>) =>
  problemOf(
    await work.then(
      () => expect.fail("it should have been refused"),
      (thrown: unknown) => thrown,
    ),
  );

test.each(["watch", "reject"] as const)(
  "what was judged %s is deployed for a reason only, and blanks are none",
  async (verdict) => {
    const { deployments, index, tags } = judged(verdict);
    for (const reason of [undefined, "", " \n\t "]) {
      const { code, detail, hint } = await refusal(deployments.deploy(RUN, reason));
      expect(code).toBe("deploy.against_verdict");
      expect(detail).toContain(`is ${verdict}`);
      expect(hint).toContain("--against-verdict");
    }
    expect(deployments.list()).toEqual([]);
    expect(index.events.from(RUN, 0)).toEqual([]);
    expect(tags).toEqual([]);
  },
);

test("the reason is kept with the deployment, among what the run said, and with the model", async () => {
  const { deployments, index, tags } = judged("reject");
  await deployments.deploy(RUN, `  ${REASON} `);
  await deployments.settled();
  const kept = { verdict: "reject", against_verdict: REASON };
  expect(deployments.list()).toMatchObject([{ state: "live", ...kept }]);
  expect(index.events.from(RUN, 0).map(({ event }) => event)).toEqual([
    { type: "deployed", deployment: "volatility", version: "4", ...kept },
  ]);
  expect(tags).toEqual([["volatility", "4", "deployed_against_verdict", REASON]]);
  const [{ deployment } = expect.fail("it is listed")] = deployments.list();
  expect(await deployments.stop(deployment)).toMatchObject({ state: "stopped", ...kept });
});

test("who tried and failed gave a reason too; only what went live is told among the run's events", async () => {
  const { deployments, index } = judged("watch", true);
  await refusal(deployments.deploy(RUN, REASON));
  expect(deployments.list()).toMatchObject([{ state: "failed", against_verdict: REASON }]);
  expect(index.events.from(RUN, 0)).toEqual([]);
});

test("a reason that nobody asked for is not taken for a doubt", async () => {
  const { deployments, tags } = judged("deploy");
  await deployments.deploy(RUN, REASON);
  expect(deployments.list()).toMatchObject([{ verdict: "deploy", against_verdict: null }]);
  expect(tags).toEqual([]);
});
