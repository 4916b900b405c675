import { z } from "zod";
import { InferRequest } from "../../contract/deployment.ts";
import { DeploymentId, RunId } from "../../contract/ids.ts";
import { call, router } from "./trpc.ts";

const ByDeployment = z.object({ deployment: DeploymentId });

export const deployments = router({
  list: call.query(({ ctx }) => ctx.workbench.deployments.list()),
  get: call
    .input(ByDeployment)
    .query(({ ctx, input }) => ctx.workbench.deployments.get(input.deployment)),
  deploy: call
    .input(
      z.object({
        run: RunId,
        against_verdict: z
          .string()
          .trim()
          .min(10)
          .optional()
          .describe("Why, although not advised."),
      }),
    )
    .mutation(({ ctx, input }) =>
      ctx.workbench.deployments.deploy(input.run, input.against_verdict),
    ),
  promoted: call
    .input(ByDeployment)
    .query(({ ctx, input }) => ctx.workbench.deployments.promoted(input.deployment)),
  stop: call
    .input(ByDeployment)
    .mutation(({ ctx, input }) => ctx.workbench.deployments.stop(input.deployment)),
  access: call
    .input(ByDeployment)
    .query(({ ctx, input }) => ctx.workbench.deployments.access(input.deployment)),
  infer: call
    .input(ByDeployment.extend({ request: InferRequest.optional() }))
    .mutation(({ ctx, input }) => ctx.workbench.deployments.infer(input.deployment, input.request)),
  ask: call
    .input(ByDeployment.extend({ request: InferRequest }))
    .mutation(({ ctx, input }) => ctx.workbench.deployments.ask(input.deployment, input.request)),
  traffic: call
    .input(ByDeployment)
    .subscription(({ ctx, input, signal }) =>
      ctx.workbench.traffic.watch(input.deployment, signal),
    ),
});
