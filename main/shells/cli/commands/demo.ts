import { performance } from "node:perf_hooks";
import type { Command } from "commander";
import type { RunResult, Verdict } from "../../../../contract/run.ts";
import { DEMO_DATA } from "../../../pipeline/demo-data.ts";
import { type Attached, attach, attachIfOwned, shutDown } from "../attach.ts";
import { measureLatency } from "../latency.ts";
import { productTemplates } from "../product.ts";
import { runToEnd } from "../run-session.ts";
import { runSummary } from "../run-summary.ts";
import { type GlobalOptions, print, workspaceOf } from "../session.ts";
import { type StackChoice, stackOption, takeStack } from "../stack-choice.ts";
import { decimal, seconds, styled } from "../terminal.ts";

/** The ideas, and what each must come to on the prices that ship: this is what the demo shows. */
const IDEAS: Readonly<Record<string, Verdict>> = { volatility: "deploy", reversal: "reject" };
const REQUESTS = 2000;

/**
 * The whole path on the real prices that ship with the product: two ideas, of which one must stand
 * and one must fall, and the deployment of the one that stands.
 */
export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("from real prices to a deployed model, with two ideas, on this machine")
    .option("--keep", "leave the deployment and its services running")
    .addOption(stackOption())
    .action(async (given: { keep?: boolean } & StackChoice, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workspace = workspaceOf(options, "demo");
      const started = performance.now();
      const before = await attachIfOwned(workspace);
      const owner = before ?? (await attach(workspace));
      try {
        process.stderr.write(`Workspace ${workspace}\n`);
        await takeStack(owner.client, given);
        const runs = await Promise.race([testIdeas(owner), owner.lost]);
        const deployment = await Promise.race([deployFirst(owner, runs, options), owner.lost]);
        const total = (performance.now() - started) / 1000;
        print(options, { runs, deployment, seconds: total }, () =>
          [
            ...(given.keep ? [] : ["The deployment is ended again; `--keep` leaves it running."]),
            styled("bold", `Everything took ${seconds(total)}.`),
          ].join("\n"),
        );
        if (runs.some((run) => run.state !== "done")) process.exitCode = 1;
        for (const sentence of surprises(runs)) {
          process.stderr.write(`${sentence}\n`);
          process.exitCode = 1;
        }
      } finally {
        if (!before && !given.keep) await shutDown(owner);
        await owner.close();
      }
    });
}

/** What came out otherwise than it must: then something is wrong with the product. */
export function surprises(runs: readonly Pick<RunResult, "idea" | "verdict">[]): string[] {
  return runs
    .filter(({ idea, verdict }) => verdict !== IDEAS[idea])
    .map(({ idea, verdict }) => `The verdict on ${idea} is ${verdict}, not ${IDEAS[idea]}.`);
}

async function testIdeas({ client }: Attached): Promise<RunResult[]> {
  const runs: RunResult[] = [];
  for (const name of Object.keys(IDEAS)) {
    const { yaml } = await productTemplates().get(name);
    process.stderr.write(`\n${styled("bold", `Testing ${name}`, process.stderr)}\n`);
    const run = await runToEnd(client, {
      yaml,
      file: `${name}.idea.yaml`,
      data: [DEMO_DATA.folder],
    });
    process.stderr.write(`\n${runSummary(run)}\n`);
    runs.push(run);
  }
  return runs;
}

async function deployFirst({ client }: Attached, runs: RunResult[], options: GlobalOptions) {
  const accepted = runs.find((run) => run.verdict === "deploy");
  if (!accepted) {
    process.stderr.write("\nNo idea earned the verdict deploy, so nothing is deployed.\n");
    process.exitCode = 1;
    return null;
  }
  process.stderr.write(`\nDeploying ${accepted.name}\n`);
  const deployed = await client.deployments.deploy.mutate({ run: accepted.run });
  const { deployment } = deployed;
  const answer = await client.deployments.infer.mutate({ deployment });
  const access = await client.deployments.access.query({ deployment });
  const latency = await measureLatency(access, REQUESTS);
  if (latency.failed > 0) process.exitCode = 1;
  await client.deployments.promoted.query({ deployment });
  if (!options.json) {
    const predicted = answer.outputs[0]?.data[0];
    process.stderr.write(
      `  ${styled("green", "✓", process.stderr)} live at ${deployed.endpoint} after ${seconds(deployed.ready_seconds ?? 0)}\n` +
        `  it answers ${predicted} to the model's stored example\n` +
        `  ${latency.requests} requests, ${latency.failed} failed: median ${decimal(latency.infer_ms_p50, 2)} ms, 99th percentile ${decimal(latency.infer_ms_p99, 2)} ms\n\n`,
    );
  }
  return { ...deployed, ...latency };
}
