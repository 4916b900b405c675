import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { InferRequest } from "../../../../contract/deployment.ts";
import { DeploymentId } from "../../../../contract/ids.ts";
import { WorkbenchError } from "../../../../contract/problem.ts";
import { attachIfLeft, shutDown } from "../attach.ts";
import { attached, type GlobalOptions, print, workspaceOf } from "../session.ts";
import { seconds, table } from "../terminal.ts";
import { typed } from "../typed.ts";
import { parseRun } from "./run.ts";

export function addDeploy(program: Command): void {
  program
    .command("deploy <run>")
    .description("serve the run's model; returns when its endpoint answers, and it goes on serving")
    .option("--against-verdict <reason>", "deploy although the verdict is not deploy; recorded")
    .action(async (run: string, given: { againstVerdict?: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const deployed = await client.deployments.deploy.mutate({
          run: parseRun(run),
          ...(given.againstVerdict ? { against_verdict: given.againstVerdict } : {}),
        });
        await client.deployments.promoted.query({ deployment: deployed.deployment });
        print(
          options,
          deployed,
          () =>
            `${deployed.deployment} is live at ${deployed.endpoint} after ${seconds(deployed.ready_seconds ?? 0)}.\n` +
            `Try it: ${typed(`infer ${deployed.deployment} --example`)}\n` +
            `Or ask it from a program of your own, with the token that ${typed(`deployments --token ${deployed.deployment}`)} prints.`,
        );
      });
    });

  program
    .command("infer <deployment>")
    .description("ask a deployment, over the Open Inference Protocol v2")
    .option("--example", "send the example that was stored with the model")
    .option("--request <file>", "send this Open Inference Protocol v2 request (JSON)")
    .action(
      async (id: string, given: { example?: boolean; request?: string }, command: Command) => {
        const options = command.optsWithGlobals<GlobalOptions>();
        if (Boolean(given.example) === Boolean(given.request)) {
          throw new WorkbenchError({
            code: "infer.what",
            detail: "Say what to send: either --example or --request FILE.",
            hint: "Start with --example; `deployments --token NAME` prints what a program of your own needs.",
          });
        }
        const request = given.request ? await readRequest(given.request) : undefined;
        await attached(workspaceOf(options), async (client) => {
          const response = await client.deployments.infer.mutate({
            deployment: parseDeployment(id),
            ...(request ? { request } : {}),
          });
          print(options, response, () => JSON.stringify(response, null, 2));
        });
      },
    );

  program
    .command("deployments")
    .description("what is being served")
    .option("--token <deployment>", "print the token that a deployment's endpoint asks for")
    .action(async (given: { token?: string }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        if (given.token !== undefined) {
          const deployment = parseDeployment(given.token);
          const access = await client.deployments.access.query({ deployment });
          // Alone on its line, for `$(…)`; with --json, all that a request needs.
          return print(options, { deployment, ...access }, () => access.token);
        }
        const all = await client.deployments.list.query();
        print(options, all, () =>
          table(
            [
              "DEPLOYMENT",
              "MODEL",
              "VERSION",
              "STATE",
              "ENDPOINT",
              "VERDICT",
              "DEPLOYED AGAINST IT",
            ],
            all.map((one) => [
              one.deployment,
              one.model,
              one.version,
              one.state,
              one.endpoint,
              one.verdict,
              one.against_verdict,
            ]),
          ),
        );
      });
    });

  program
    .command("stop [deployment]")
    .description("stop one deployment, or everything that this workspace runs")
    .action(async (id: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workspace = workspaceOf(options);
      const owner = await attachIfLeft(workspace);
      if (!owner) {
        print(options, { stopped: [] }, () => `Nothing runs in ${workspace}.`);
        return;
      }
      try {
        if (id) {
          const deployment = parseDeployment(id);
          await owner.client.deployments.stop.mutate({ deployment });
          print(options, { stopped: [deployment] }, () => `${deployment} is stopped.`);
        } else {
          const stopped = await shutDown(owner);
          print(options, { stopped }, () => `Stopped: ${stopped.join(", ") || "nothing was up"}.`);
        }
      } finally {
        await owner.close();
      }
    });
}

function parseDeployment(text: string): DeploymentId {
  const parsed = DeploymentId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError({
    code: "deployment.bad_id",
    detail: `${JSON.stringify(text)} is not the name of a deployment.`,
    hint: "`deployments` lists them.",
  });
}

async function readRequest(file: string): Promise<InferRequest> {
  try {
    return InferRequest.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new WorkbenchError({
      code: "infer.bad_request",
      detail: `${file} is not an Open Inference Protocol v2 request: ${(error as Error).message}`,
      hint: "It needs `inputs`, each with name, shape, datatype and data.",
      where: { file },
    });
  }
}
