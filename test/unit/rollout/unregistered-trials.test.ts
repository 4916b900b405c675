import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { UnregisteredTrials } from "../../../main/rollout/unregistered-trials.ts";
import { untilAborted } from "../pipeline/disk-engine.ts";
import { fresh, idea } from "../pipeline/fixture.ts";
import { LocalStack } from "./local-stack.ts";

// A real MLflow server: importing its libraries takes seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });

let stack: LocalStack;
beforeAll(async () => {
  stack = new LocalStack();
  await stack.services.start("mlflow");
});
afterAll(() => stack.end());

type FoundRun = {
  info: { run_id: string; status: string };
  data: {
    tags: { key: string; value: string }[];
    params?: { key: string; value: string }[];
    metrics?: { key: string; value: number }[];
  };
};

/** Runs of the idea's experiment in MLflow, each with its tags. */
async function logged(): Promise<FoundRun[]> {
  const { ports } = stack.services.statusOf("mlflow");
  const ask = async (path: string, body?: object) =>
    (await (
      await fetch(`http://127.0.0.1:${ports.http}/api/2.0/mlflow/${path}`, {
        ...(body && {
          method: "POST",
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        }),
      })
    ).json()) as { experiment?: { experiment_id: string }; runs?: FoundRun[] };
  const name = encodeURIComponent(idea().id);
  const { experiment } = await ask(`experiments/get-by-name?experiment_name=${name}`);
  if (!experiment) return [];
  const found = await ask("runs/search", { experiment_ids: [experiment.experiment_id] });
  return found.runs ?? [];
}

const tagOf = (run: FoundRun, key: string) => run.data.tags.find((tag) => tag.key === key)?.value;

test("trials of a cancelled run are in MLflow once, until a run registers them itself", async () => {
  const { pipeline, engine, index, bars } = fresh();
  const trials = new UnregisteredTrials(index, stack.registry);
  engine.trials = 2;
  engine.before.train = (_request, _emit, signal) => untilAborted(signal);
  const { run } = pipeline.start(idea(), { data: [bars] });
  for await (const { event } of pipeline.events(run)) {
    if (event.type === "news" && event.news.kind === "trial" && event.news.number === 1) break;
  }
  await trials.log();
  expect(await logged(), "a run that is at work is left alone").toEqual([]);

  await pipeline.cancel(run);
  await trials.log();
  const found = await logged();
  const parent = found.find((one) => tagOf(one, "breadthflow.train_key") !== undefined);
  expect(tagOf(parent as FoundRun, "breadthflow.run")).toBe(run);
  const children = found.filter((one) => tagOf(one, "mlflow.parentRunId") === parent?.info.run_id);
  expect(children).toHaveLength(2);
  const ledger = index.trials.ofDataSet(idea().universe.data);
  const states = (of: string[]) => of.toSorted();
  expect(states(children.map((one) => tagOf(one, "breadthflow.state") as string))).toEqual(
    states(ledger.map(({ trial }) => trial.state)),
  );
  expect(children[0]?.data.params?.map(({ key }) => key)).toContain("engine");

  await trials.log();
  expect(await logged(), "told again, nothing is told twice").toHaveLength(found.length);

  delete engine.before.train;
  await pipeline.resume(run).done;
  await trials.log();
  expect(await logged(), "the register step has told of them").toEqual([]);
  expect(index.loggedTrials.pending()).toEqual([]);
});

test("what could not be told is told later", async () => {
  const { pipeline, engine, index, bars } = fresh();
  engine.before.backtest = () => Promise.reject(new Error("the book cannot be kept"));
  await pipeline.start(idea(), { data: [bars] }).done;
  await stack.services.stop("mlflow");
  const unreachable = { ask: () => Promise.reject(new Error("down")) };
  await expect(
    new UnregisteredTrials(index, unreachable as unknown as typeof stack.registry).log(),
  ).rejects.toThrow("down");
  expect(index.loggedTrials.pending()).toHaveLength(1);

  await new UnregisteredTrials(index, stack.registry).log();
  expect(index.loggedTrials.pending()).toEqual([]);
  expect(await logged()).toHaveLength(1 + index.trials.count(idea().universe.data));
});
